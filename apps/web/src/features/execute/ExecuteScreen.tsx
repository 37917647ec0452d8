import { Tabs } from '@mantine/core';
import { IconBarcode, IconFileTypeCsv, IconForms, IconPlayerPlay } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { projectQuery } from '../../api/queries.ts';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Page } from '../../ui/Page.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { PreparingState } from '../home/PreparingState.tsx';
import { ProjectEyebrow } from '../project/ProjectEyebrow.tsx';
import classes from './Execute.module.css';
import { FileTab } from './FileTab.tsx';
import { FormTab } from './FormTab.tsx';
import { KeyTab } from './KeyTab.tsx';

/** The model in production at work: one record by key, one by form, or a whole file. */
export function ExecuteScreen() {
  const { t } = useTranslation();
  const { project: id } = useParams({ from: '/projects/$project/execute' });
  const query = useQuery(projectQuery(id));
  const project = query.data;
  return (
    <Page
      title={t('execute.title')}
      eyebrow={<ProjectEyebrow project={project} />}
      lead={project?.champion != null && t('execute.lead', { version: project.champion })}
    >
      {!project &&
        (query.isError ? (
          <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Waiting />
        ))}
      {project?.status === 'preparing' && <PreparingState project={project} />}
      {project?.status === 'ready' && project.champion === null && (
        <Empty
          icon={<IconPlayerPlay size={40} stroke={1.4} aria-hidden />}
          title={t('execute.blockedTitle')}
          text={t('execute.blockedText')}
          action={
            project.waitingRun ? (
              <LinkButton to="/runs/$run/results" params={{ run: project.waitingRun }}>
                {t('home.waitingAction')}
              </LinkButton>
            ) : (
              <LinkButton to="/projects/$project/train" params={{ project: id }}>
                {t('home.firstAction')}
              </LinkButton>
            )
          }
        />
      )}
      {project?.status === 'ready' && project.champion !== null && (
        <Tabs defaultValue={project.key === null ? 'form' : 'key'} keepMounted={false} key={id}>
          <Tabs.List mb="lg" className={classes.tabs}>
            <Tabs.Tab value="key" leftSection={<IconBarcode size={19} aria-hidden />}>
              {t('execute.byKey')}
            </Tabs.Tab>
            <Tabs.Tab value="form" leftSection={<IconForms size={19} aria-hidden />}>
              {t('execute.form')}
            </Tabs.Tab>
            <Tabs.Tab value="file" leftSection={<IconFileTypeCsv size={19} aria-hidden />}>
              {t('execute.file')}
            </Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="key">
            {project.key === null ? (
              <Panel text={t('execute.keyNone')} title={t('execute.byKey')} />
            ) : (
              <KeyTab project={project} />
            )}
          </Tabs.Panel>
          <Tabs.Panel value="form">
            <FormTab project={project} version={project.champion} />
          </Tabs.Panel>
          <Tabs.Panel value="file">
            <FileTab project={project} />
          </Tabs.Panel>
        </Tabs>
      )}
    </Page>
  );
}
