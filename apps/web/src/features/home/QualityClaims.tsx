import type { Production, Project } from '@kaefer/contracts';
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { ClaimList, type Claim } from './ClaimList.tsx';

/** The figures of the test in sentences that need no explanation. */
export function QualityClaims({ project, production }: { project: Project; production: Production }) {
  const { t } = useTranslation();
  const format = useFormat();
  const metric = (name: string) => production.metrics[name] ?? null;
  const outcome = { target: project.target, positive: project.positive ?? project.classes[1] ?? '' };

  const claims: Array<Claim | null> = [];
  const hundred = (name: string, text: (share: string) => string) => {
    const value = metric(name);
    claims.push(
      value === null ? null : { figure: format.percent(value), text: text(format.integer(value * 100)) },
    );
  };
  if (project.task === 'binary') {
    hundred('recall', (share) => t('home.found', { ...outcome, share }));
    hundred('precision', (share) => t('home.right', { share }));
    hundred('auc', (share) => t('home.ranking', { ...outcome, share }));
  } else if (project.task === 'multiclass') {
    hundred('accuracy', (share) => t('home.accuracyPlain', { share }));
  } else {
    const mae = metric('mae');
    if (mae !== null)
      claims.push({
        figure: format.plain(Number(mae.toPrecision(3))),
        text: t('home.maePlain', { value: format.plain(Number(mae.toPrecision(3))), target: project.target }),
      });
    hundred('r2', (share) => t('home.r2Plain', { share, target: project.target }));
  }
  const shown = claims.filter((claim) => claim !== null);
  if (shown.length === 0) return <Text c="dimmed">{t('home.noFigures')}</Text>;
  return (
    <>
      <ClaimList claims={shown} />
      <Text size="sm" c="dimmed">
        {t('home.qualityRows', { count: production.holdoutRows })}
      </Text>
    </>
  );
}
