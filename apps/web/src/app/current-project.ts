import type { Project } from '@kaefer/contracts';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { projectsQuery, runQuery } from '../api/queries.ts';

const storageKey = 'kaefer.project';

export function rememberedProject(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

/** The project to show first: the one that was open last, else the first of the list. */
export function projectToOpen(projects: readonly Project[], remembered: string | null): Project | undefined {
  return projects.find((project) => project.id === remembered) ?? projects[0];
}

/** The project that the address names, itself or through one of its runs; else the one that was open last. */
export function useCurrentProject(): { current: Project | undefined; projects: Project[] } {
  const params: { project?: string; run?: string } = useParams({ strict: false });
  const { data: projects = [] } = useQuery(projectsQuery);
  const { data: run } = useQuery({ ...runQuery(params.run ?? ''), enabled: params.run !== undefined });
  const id = params.project ?? run?.project;
  const current = id
    ? projects.find((project) => project.id === id)
    : projectToOpen(projects, rememberedProject());

  useEffect(() => {
    if (!id) return;
    try {
      localStorage.setItem(storageKey, id);
    } catch {
      // Without storage the first project opens next time.
    }
  }, [id]);
  return { current, projects };
}
