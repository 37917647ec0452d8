import type { Project } from '@kaefer/contracts';
import { Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { useActor } from '../project/use-actor.ts';
import { Facts } from '../../ui/Facts.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Panel } from '../../ui/Panel.tsx';
import classes from './HomeScreen.module.css';
import { OutcomeClaims } from './OutcomeClaims.tsx';
import { QualityClaims } from './QualityClaims.tsx';
import { useNow } from '../../ui/use-now.ts';

/** Which model runs, since when, who chose it, how good it is, and how old its data is. */
export function ProductionPanel({ project }: { project: Project }) {
  const { t } = useTranslation();
  const format = useFormat();
  const actor = useActor();
  const now = useNow();
  const { production, dataset } = project;

  if (!production)
    return (
      <Panel
        title={t('home.firstTitle')}
        text={t('home.firstText')}
        actions={
          !project.waitingRun &&
          !project.activeRun && (
            <LinkButton to="/projects/$project/train" params={{ project: project.id }} variant="default">
              {t('home.firstAction')}
            </LinkButton>
          )
        }
      />
    );

  return (
    <Panel title={t('home.production')}>
      <div className={classes.production}>
        <Stack gap="md">
          <Text className={classes.version}>{t('words.model', { version: production.version })}</Text>
          <Facts
            columns
            items={[
              {
                name: t('home.since'),
                value: `${format.date(production.since)} (${format.ago(production.since, now)})`,
              },
              { name: t('home.chosenBy'), value: actor(production.chosenBy) },
              {
                name: t('home.dataAge'),
                value: `${format.date(production.dataUntil)} (${format.ago(production.dataUntil, now)})`,
              },
              {
                name: t('home.dataset'),
                value:
                  dataset.version === null
                    ? t('home.datasetEmpty')
                    : t('words.rows', { count: dataset.rows }),
              },
              ...(production.note ? [{ name: t('home.note'), value: `“${production.note}”` }] : []),
            ]}
          />
        </Stack>
        <Stack gap="md">
          <Title order={3}>{t('home.quality')}</Title>
          <QualityClaims project={project} production={production} />
          {project.key !== null && (
            <>
              <Title order={3}>{t('home.outcomes')}</Title>
              <OutcomeClaims project={project} version={production.version} />
            </>
          )}
        </Stack>
      </div>
    </Panel>
  );
}
