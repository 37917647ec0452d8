import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Choosing } from '@kaefer/contracts';
import { openDatabase, type Db } from '../src/state/open-database.ts';
import type { ProjectDefinition } from '../src/state/project-definition.ts';
import { insertProject } from '../src/state/projects.ts';
import { insertRun } from '../src/state/runs.ts';
import { quickSettings } from './project.ts';
import { testFolder } from './workspace.ts';

export const at = '2026-01-01T00:00:00.000Z';

export function definitionOf(id: string): ProjectDefinition {
  return {
    id,
    name: `Project ${id}`,
    task: 'binary',
    target: 'y',
    positive: null,
    key: 'id',
    date: null,
    exclude: [],
    confirmed: [],
    costs: null,
    training: quickSettings,
    sources: [],
    recipe: null,
    reading: {},
    choosing: Choosing.parse({}),
    feeds: [],
    holdouts: [],
    split: { salt: 's', holdoutShare: 0.2, validationShare: 0.2 },
    simulated: false,
    createdAt: at,
  };
}

/** A state database of its own, with the projects `p` and `q`. */
export async function testDatabase(folder = testFolder()): Promise<Db> {
  const db = await openDatabase(join(folder, 'state', 'kaefer.db'));
  onTestFinished(() => db.destroy());
  for (const id of ['p', 'q']) await insertProject(db, definitionOf(id), 'ready');
  return db;
}

export async function addRun(
  db: Db,
  id: string,
  project = 'p',
  current: number | null = null,
): Promise<void> {
  await insertRun(db, {
    id,
    project,
    mode: 'full',
    uploads: ['u1'],
    createdBy: 'ana',
    createdAt: at,
    current,
  });
}
