import type { Run } from '@kaefer/contracts';
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { runsQuery } from '../../api/queries.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { useActor } from '../project/use-actor.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { StatusTag } from '../project/StatusTag.tsx';
import classes from './HomeScreen.module.css';

const shownRuns = 5;

/** The latest retrains and what became of each. */
export function RecentRuns({ project }: { project: string }) {
  const { t } = useTranslation();
  const query = useQuery(runsQuery(project));
  return (
    <Panel
      title={t('home.recentRuns')}
      actions={
        <LinkButton to="/projects/$project/models" params={{ project }} variant="subtle" size="xs">
          {t('home.allModels')}
        </LinkButton>
      }
    >
      {query.isPending && <Waiting heights={[90]} />}
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data?.length === 0 && <Text c="dimmed">{t('home.noRuns')}</Text>}
      {query.data && query.data.length > 0 && (
        <ul className={classes.runs}>
          {query.data.slice(0, shownRuns).map((run) => (
            <RunLine key={run.id} run={run} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function RunLine({ run }: { run: Run }) {
  const { t } = useTranslation();
  const format = useFormat();
  const actor = useActor();
  const { decision } = run;
  const hasResults = ['decided', 'awaiting_decision', 'awaiting_approval'].includes(run.status);
  const what = decision
    ? t(decision.choice === 'candidate' ? 'home.replaced' : 'home.kept', { version: decision.champion })
    : (run.error?.title ?? t(`progress.mode.${run.mode}`));
  return (
    <li>
      <div className={classes.runText}>
        <Text fw={550}>{what}</Text>
        <Text size="sm" c="dimmed">
          {format.dateTime(run.createdAt)}
          {decision && ` · ${actor(decision.by)}`}
          {decision?.note && ` · “${decision.note}”`}
        </Text>
      </div>
      <StatusTag status={run.status} />
      <LinkButton
        to={hasResults ? '/runs/$run/results' : '/runs/$run'}
        params={{ run: run.id }}
        variant="default"
        size="xs"
        aria-label={`${hasResults ? t('home.runResults') : t('home.runProgress')}: ${what}, ${format.dateTime(run.createdAt)}`}
      >
        {hasResults ? t('home.runResults') : t('home.runProgress')}
      </LinkButton>
    </li>
  );
}
