import type { ModelOutcomes, Project } from '@kaefer/contracts';
import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { downloads } from '../../api/actions.ts';
import { outcomesQuery } from '../../api/queries.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { DownloadButton } from '../../ui/DownloadButton.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { ClaimList, type Claim } from './ClaimList.tsx';

/** Below so many known records a figure is said to be shaky. */
const few = 100;

/** What became of the predictions of the model in production, once their outcomes came. */
export function OutcomeClaims({ project, version }: { project: Project; version: number }) {
  const { t } = useTranslation();
  const query = useQuery(outcomesQuery(project.id));
  if (query.isError) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Waiting heights={[84]} />;
  const own = query.data.items.find(({ model }) => model === version);
  if (own === undefined || own.predicted === 0) return <Text c="dimmed">{t('home.outcomesNone')}</Text>;
  const waiting = own.predicted - own.known;
  return (
    <>
      {own.known > 0 && <KnownOutcomes project={project} outcomes={own} />}
      {waiting > 0 && (
        <Text size="sm" c="dimmed">
          {t('home.outcomesWaiting', { count: waiting })}
        </Text>
      )}
      <Group>
        <DownloadButton href={downloads.outcomes(project.id)} size="xs">
          {t('home.outcomesDownload')}
        </DownloadButton>
      </Group>
    </>
  );
}

function KnownOutcomes({ project, outcomes }: { project: Project; outcomes: ModelOutcomes }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { metrics, known, positives, first, last } = outcomes;
  const claims: Claim[] = [];
  const share = (name: string, text: (share: string) => string): void => {
    const value = metrics[name] ?? null;
    if (value !== null) claims.push({ figure: format.percent(value), text: text(format.percent(value)) });
  };
  if (project.task === 'binary') {
    const positive = project.positive ?? '';
    share('recall', (found) =>
      t('home.outcomesFound', { n: format.integer(positives ?? 0), positive, share: found }),
    );
    share('precision', (right) => t('home.outcomesRight', { share: right }));
  }
  if (project.task !== 'regression')
    share('accuracy', (right) => t('home.outcomesAccuracy', { share: right }));
  const mae = metrics['mae'] ?? null;
  if (mae !== null) {
    const value = format.plain(Number(mae.toPrecision(3)));
    claims.push({ figure: value, text: t('home.outcomesMae', { value, target: project.target }) });
  }
  return (
    <>
      <ClaimList claims={claims} />
      <Text size="sm" c="dimmed">
        {t('home.outcomesRows', {
          count: known,
          from: format.date(first ?? ''),
          until: format.date(last ?? ''),
        })}{' '}
        {known < few && t('home.outcomesFew')}
      </Text>
    </>
  );
}
