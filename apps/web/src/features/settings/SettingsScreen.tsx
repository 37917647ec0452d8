import type { Upload } from '@kaefer/contracts';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { datasetQuery, projectQuery, settingsQuery, uploadsQuery } from '../../api/queries.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Page } from '../../ui/Page.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { ProjectEyebrow } from '../project/ProjectEyebrow.tsx';
import { pendingUploads } from '../train/pending.ts';
import { ChoosingForm } from './ChoosingForm.tsx';
import { HoldoutsPanel } from './HoldoutsPanel.tsx';
import { SettingsForm } from './SettingsForm.tsx';
import { SettingsHistory } from './SettingsHistory.tsx';

const taskNames = {
  binary: 'create.taskBinary',
  multiclass: 'create.taskMulticlass',
  regression: 'create.taskRegression',
} as const;

const columnsOf = ({ columns }: Upload) => columns;

/** What models of the project learn from and how, and who changed that. */
export function SettingsScreen() {
  const { t } = useTranslation();
  const { project: id } = useParams({ from: '/projects/$project/settings' });
  const projectState = useQuery(projectQuery(id));
  const project = projectState.data;
  const hasData = project !== undefined && project.dataset.version !== null;
  const { data: dataset } = useQuery({ ...datasetQuery(id), enabled: hasData });
  const { data: uploads } = useQuery(uploadsQuery(id));
  const historyState = useQuery(settingsQuery(id));
  const failed = projectState.isError ? projectState : historyState.isError ? historyState : null;
  const revisions = historyState.data;
  const isLoaded = project !== undefined && revisions !== undefined && (!hasData || dataset !== undefined);
  return (
    <Page
      title={t('settings.title')}
      lead={t('settings.lead')}
      eyebrow={<ProjectEyebrow project={project} />}
    >
      {failed && <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} />}
      {!failed && !isLoaded && <Waiting />}
      {isLoaded && (
        <>
          <Panel title={t('settings.fixed')} text={t('settings.fixedText')}>
            <Facts
              columns
              items={[
                { name: t('settings.target'), value: project.target },
                { name: t('create.task'), value: t(taskNames[project.task]) },
                { name: t('create.key'), value: project.key ?? t('words.none') },
                { name: t('create.date'), value: project.date ?? t('words.none') },
              ]}
            />
          </Panel>
          {project.sources.length > 0 && (
            <Panel
              title={t('recipe.title')}
              text={t('recipe.settingsText')}
              actions={
                <LinkButton variant="default" to="/projects/$project/recipe" params={{ project: id }}>
                  {t('recipe.open')}
                </LinkButton>
              }
            />
          )}
          <Panel
            title={t('feeds.title')}
            text={t('feeds.settingsText')}
            actions={
              <LinkButton variant="default" to="/projects/$project/feeds" params={{ project: id }}>
                {t('feeds.show')}
              </LinkButton>
            }
          />
          <SettingsForm
            key={revisions[0]?.revision}
            project={project}
            columns={[...(dataset?.columns ?? []), ...pendingUploads(uploads ?? []).flatMap(columnsOf)].map(
              ({ name }) => name,
            )}
          />
          <ChoosingForm key={`choosing ${revisions[0]?.revision ?? 0}`} project={project} />
          {hasData && <HoldoutsPanel project={id} />}
          <Panel title={t('settings.history')}>
            <SettingsHistory revisions={revisions} />
          </Panel>
        </>
      )}
    </Page>
  );
}
