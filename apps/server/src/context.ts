import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import { KaeferError } from '@kaefer/contracts';
import {
  databaseOf,
  findProject,
  findTable,
  lakeOf,
  openDatabase,
  ProjectFolder,
  WorkerPool,
  type Db,
  type ProjectRecord,
  type SqlLimits,
} from '@kaefer/pipeline';
import { Arrivals } from './arrivals.ts';
import { EvidenceRenderer } from './evidence/evidence-renderer.ts';
import type { Config } from './config.ts';
import { ModelCards } from './model-cards.ts';
import { ProjectTables } from './project-tables.ts';
import { Champions } from './champions.ts';

/** What every part of the server works with. */
export interface Context {
  readonly config: Config;
  readonly db: Db;
  readonly log: FastifyBaseLogger;
  readonly lake: string;
  readonly scratch: string;
  readonly tables: ProjectTables;
  readonly cards: ModelCards;
  readonly champions: Champions;
  readonly workers: WorkerPool;
  readonly arrivals: Arrivals;
  readonly evidence: EvidenceRenderer;
  /** ISO 8601 UTC. */
  readonly now: () => string;
  /** A new id, such as `run-3f9c…`; the prefix says what it names. */
  readonly newId: (prefix: string) => string;
  readonly folder: (project: string) => ProjectFolder;
  readonly limits: (name: string) => SqlLimits;
  /** @throws KaeferError `project_not_found` */
  readonly project: (idOrName: string) => Promise<ProjectRecord>;
}

export async function createContext(config: Config, log: FastifyBaseLogger): Promise<Context> {
  const lake = lakeOf(config.dataDir);
  const scratch = join(config.dataDir, 'scratch');
  mkdirSync(join(lake, 'projects'), { recursive: true });
  mkdirSync(scratch, { recursive: true });
  const db = await openDatabase(databaseOf(config.dataDir));
  const folder = (project: string): ProjectFolder => new ProjectFolder(lake, project);
  const cards = new ModelCards(folder);
  return {
    config,
    db,
    log,
    lake,
    scratch,
    tables: new ProjectTables((project) => findTable(folder(project).table)),
    cards,
    champions: new Champions(folder),
    workers: new WorkerPool(),
    arrivals: new Arrivals(),
    evidence: new EvidenceRenderer(),
    now: () => new Date().toISOString(),
    newId: (prefix) => `${prefix}-${randomBytes(9).toString('hex')}`,
    folder,
    limits: (name) => ({
      memoryMib: config.memoryMib,
      threads: config.threads,
      scratchFolder: join(scratch, 'duckdb', name),
    }),
    project: async (idOrName) => {
      const project = await findProject(db, idOrName);
      if (project === undefined)
        throw new KaeferError('project_not_found', { project: idOrName.slice(0, 100) });
      return project;
    },
  };
}
