import type { Project, SourceTable } from '@kaefer/contracts';
import { IconTable } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { projectQuery, sourcesQuery, uploadsQuery } from '../../api/queries.ts';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { ProjectEyebrow } from '../project/ProjectEyebrow.tsx';
import { pendingUploads } from '../train/pending.ts';
import { RecipeEditor } from './RecipeEditor.tsx';
import { SourceList } from './SourceList.tsx';

/** The reports of a project and the query that makes its training table of them. */
export function RecipeScreen() {
  const { t } = useTranslation();
  const { project: id } = useParams({ from: '/projects/$project/recipe' });
  const projectState = useQuery(projectQuery(id));
  const sourcesState = useQuery(sourcesQuery(id));
  const { data: uploads } = useQuery(uploadsQuery(id));
  const project = projectState.data;
  const sources = sourcesState.data;
  const failed = projectState.isError ? projectState : sourcesState.isError ? sourcesState : null;
  const waiting = pendingUploads(uploads ?? []).filter(({ status }) => status === 'valid');
  return (
    <Page title={t('recipe.title')} lead={t('recipe.lead')} eyebrow={<ProjectEyebrow project={project} />}>
      {failed && <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} />}
      {!failed && (!project || !sources || !uploads) && <Waiting heights={[160, 420]} />}
      {project?.sources.length === 0 && (
        <Empty
          icon={<IconTable size={40} stroke={1.4} aria-hidden />}
          title={t('recipe.none')}
          text={t('recipe.noneText')}
        />
      )}
      {project && sources && uploads && project.sources.length > 0 && (
        <Content project={project} sources={sources} waiting={waiting.map((upload) => upload.id)} />
      )}
    </Page>
  );
}

function Content({
  project,
  sources,
  waiting,
}: {
  readonly project: Project;
  readonly sources: readonly SourceTable[];
  /** Checked files that no run has taken yet. */
  readonly waiting: readonly string[];
}) {
  const { t } = useTranslation();
  return (
    <>
      <Panel title={t('recipe.reports')} text={t('recipe.reportsText')}>
        <SourceList sources={sources} />
      </Panel>
      <RecipeEditor key={project.recipe} project={project} waiting={waiting} />
    </>
  );
}
