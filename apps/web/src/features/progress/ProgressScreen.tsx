import { Alert, Progress, Text } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { projectQuery } from '../../api/queries.ts';
import { isUnderWay } from '../../api/run-events.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { LearningCurvePlot } from '../plots/LearningCurvePlot.tsx';
import { ProjectEyebrow } from '../project/ProjectEyebrow.tsx';
import { StatusTag } from '../project/StatusTag.tsx';
import { CancelRun } from './CancelRun.tsx';
import { RunEnd } from './RunEnd.tsx';
import { RunTimes } from './RunTimes.tsx';
import { StageList } from './StageList.tsx';
import { useLiveRun } from './use-live-run.ts';

/** Long enough to read that the results are ready. */
const pauseBeforeResultsMs = 1800;

/** A run while it happens, and how it ended. */
export function ProgressScreen() {
  const { t } = useTranslation();
  const format = useFormat();
  const { run: id } = useParams({ from: '/runs/$run' });
  const { query, live, connected } = useLiveRun(id);
  const run = live?.run;
  const { data: project } = useQuery({ ...projectQuery(run?.project ?? ''), enabled: run !== undefined });
  useGoOnToResults(id, run?.status);

  return (
    <Page
      title={run ? t(`progress.mode.${run.mode}`) : t('progress.title')}
      eyebrow={<ProjectEyebrow project={project} />}
      lead={run && t('progress.started', { when: format.dateTime(run.startedAt ?? run.createdAt) })}
      actions={run && isUnderWay(run) ? <CancelRun run={id} /> : run && <StatusTag status={run.status} />}
    >
      <div className="visually-hidden" aria-live="polite">
        {run && isUnderWay(run) && t('progress.announce', { stage: t(`stages.${run.stage}`) })}
        {run?.status === 'awaiting_decision' && t('progress.announceReady')}
      </div>
      {!live &&
        (query.isError ? (
          <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Waiting />
        ))}
      {!connected && (
        <Alert color="amber" icon={<IconPlugConnectedX aria-hidden />} role="status">
          {t('progress.reconnecting')}
        </Alert>
      )}
      {live && run && (
        <>
          <RunEnd run={run} />
          <Panel title={t('progress.stages')}>
            {isUnderWay(run) && (
              <div>
                <Progress.Root size="xl">
                  <Progress.Section value={run.progress.fraction * 100} aria-label={t('progress.overall')} />
                </Progress.Root>
                <Text mt={6} fw={550}>
                  {format.percent(run.progress.fraction)} · {run.progress.message}
                </Text>
              </div>
            )}
            <RunTimes live={live} />
            <StageList run={run} />
            {run.merged && (
              <Text size="sm">
                {t('progress.mergedRows', {
                  new: format.integer(run.merged.new),
                  updated: format.integer(run.merged.updated),
                  unchanged: format.integer(run.merged.unchanged),
                })}
              </Text>
            )}
            {isUnderWay(run) && (
              <Text size="sm" c="dimmed">
                {t('progress.leave')}
              </Text>
            )}
          </Panel>
          {(live.curve ?? isUnderWay(run)) && (
            <Panel title={t('progress.curve')} text={t('progress.curveText')}>
              {live.curve && live.curve.points.length > 0 ? (
                <LearningCurvePlot curve={live.curve} />
              ) : (
                <Text c="dimmed">{t('progress.curveEmpty')}</Text>
              )}
            </Panel>
          )}
        </>
      )}
    </Page>
  );
}

/** Opens the results by itself once they are there; in the place of this screen, so that Back does not lead here. */
function useGoOnToResults(id: string, status: string | undefined) {
  const navigate = useNavigate();
  useEffect(() => {
    if (status !== 'awaiting_decision') return;
    const timer = setTimeout(
      () => void navigate({ to: '/runs/$run/results', params: { run: id }, replace: true }),
      pauseBeforeResultsMs,
    );
    return () => clearTimeout(timer);
  }, [id, status, navigate]);
}
