import { Stack } from '@mantine/core';
import { IconGavel, IconPlayerPlay, IconRefreshDot, IconSettings } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { projectQuery } from '../../api/queries.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Page } from '../../ui/Page.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { ApprovalPanel } from '../project/ApprovalPanel.tsx';
import { ProjectEyebrow } from '../project/ProjectEyebrow.tsx';
import { ActionCard } from './ActionCard.tsx';
import { ActiveRun } from './ActiveRun.tsx';
import classes from './HomeScreen.module.css';
import { PreparingState } from './PreparingState.tsx';
import { ProductionPanel } from './ProductionPanel.tsx';
import { RecentRuns } from './RecentRuns.tsx';

/** The two actions, and beside them the state of production. */
export function HomeScreen() {
  const { t } = useTranslation();
  const { project: id } = useParams({ from: '/projects/$project' });
  const query = useQuery(projectQuery(id));
  const project = query.data;

  return (
    <Page
      title={project?.name ?? t('home.title')}
      eyebrow={<ProjectEyebrow project={project} hideName />}
      actions={
        project?.status === 'ready' && (
          <LinkButton
            to="/projects/$project/settings"
            params={{ project: id }}
            variant="default"
            leftSection={<IconSettings size={18} aria-hidden />}
          >
            {t('settings.title')}
          </LinkButton>
        )
      }
    >
      {!project &&
        (query.isError ? (
          <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Waiting />
        ))}
      {project?.status === 'preparing' && <PreparingState project={project} />}
      {project?.status === 'ready' && (
        <Stack gap="lg">
          {project.proposal && <ApprovalPanel proposal={project.proposal} withResults />}
          {project.waitingRun && project.proposal === null && (
            <Panel
              tone="attention"
              title={t('home.waitingTitle')}
              text={t('home.waitingText')}
              actions={
                <LinkButton
                  to="/runs/$run/results"
                  params={{ run: project.waitingRun }}
                  leftSection={<IconGavel size={20} aria-hidden />}
                  size="md"
                >
                  {t('home.waitingAction')}
                </LinkButton>
              }
            />
          )}
          {project.activeRun && <ActiveRun run={project.activeRun} />}
          <div className={classes.actions}>
            <ActionCard
              to="/projects/$project/train"
              project={id}
              Icon={IconRefreshDot}
              title={t('home.trainTitle')}
              text={t('home.trainText')}
            />
            <ActionCard
              to="/projects/$project/execute"
              project={id}
              Icon={IconPlayerPlay}
              title={t('home.executeTitle')}
              text={project.champion === null ? t('home.executeBlocked') : t('home.executeText')}
              quiet={project.champion === null}
            />
          </div>
          <ProductionPanel project={project} />
          <RecentRuns project={id} />
        </Stack>
      )}
    </Page>
  );
}
