import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { projectsQuery } from '../api/queries.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { Page } from '../ui/Page.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import { projectToOpen, rememberedProject } from './current-project.ts';

/** The address without a project: goes on to the one that was open last, or to the first one's creation. */
export function Start() {
  const projects = useQuery(projectsQuery);
  if (projects.data) {
    const project = projectToOpen(projects.data, rememberedProject());
    return project ? (
      <Navigate to="/projects/$project" params={{ project: project.id }} replace />
    ) : (
      <Navigate to="/projects/new" replace />
    );
  }
  return (
    <Page title="Käfer">
      {projects.isError ? (
        <ErrorNotice error={projects.error} onRetry={() => void projects.refetch()} />
      ) : (
        <Waiting />
      )}
    </Page>
  );
}
