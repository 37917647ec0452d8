import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { Booster } from '@kaefer/xgboost';
import { Scorer } from '@kaefer/xgboost/scorer';
import type { Selectable } from 'kysely';
import { readJson } from '../lake/durable.ts';
import { lakeOf, peopleOf, ProjectFolder, type ModelFolder } from '../lake/layout.ts';
import { readCard } from '../lake/model-card.ts';
import { checkSeal } from '../lake/seal.ts';
import type { Received } from '../receive/receive-file.ts';
import { withConnection } from '../sql/connection.ts';
import type { DecisionsTable } from '../state/schema.ts';
import { modelVersions } from './read-models.ts';
import { projectsInLake } from './rebuild-database.ts';
import { rescoreHoldout } from './rescore-holdout.ts';
import { unreadablePart, type Damage, type Found } from './damage.ts';
import { filesBelow, verifyFiles } from './verify-files.ts';
import { verifyTable } from './verify-table.ts';

export interface Verification {
  readonly projects: number;
  /** Files that were compared with the SHA-256 recorded of them. */
  readonly files: number;
  readonly uploads: number;
  readonly versions: number;
  readonly models: number;
  readonly decisions: number;
  readonly damages: readonly Damage[];
}

const memoryMib = 1024;

/**
 * Reads a whole lake: every file against the SHA-256 that was recorded of it, every version of every table to its last
 * row, every model against its SHA-256 and its scores of the holdout as it was (one that was never compared is loaded),
 * every decision against the comparison that it rests on.
 * Changes nothing, and may run beside a server.
 */
export async function verifyLake(dataFolder: string): Promise<Verification> {
  const lake = lakeOf(dataFolder);
  const scratchFolder = mkdtempSync(join(tmpdir(), 'kaefer-verify-'));
  const limits = { memoryMib, threads: availableParallelism(), scratchFolder };
  const sum = {
    projects: 0,
    files: 0,
    uploads: 0,
    versions: 0,
    models: 0,
    decisions: 0,
    damages: [] as Damage[],
  };
  try {
    for (const file of filesBelow(peopleOf(lake))) {
      sum.files++;
      const how = checkSeal(file) ?? 'foreign';
      const part = relative(lake, file);
      if (how !== 'intact') sum.damages.push({ project: '', part, kind: how, parameters: {} });
    }
    for (const project of projectsInLake(lake)) {
      const folder = new ProjectFolder(lake, project);
      const found: Found[] = [];
      sum.projects++;
      sum.files += verifyFiles(folder, found);
      sum.uploads += await verifyUploads(folder, found);
      await withConnection(limits, async (connection) => {
        for (const [name, place] of tablesOf(folder)) {
          const table = await verifyTable(connection, place, name);
          sum.versions += table.versions;
          sum.files += table.files;
          found.push(...table.damages);
        }
        sum.models += await verifyModels(connection, folder, scratchFolder, found);
      });
      sum.decisions += await verifyDecisions(folder, found);
      sum.damages.push(...withoutRepetition(found).map((damage) => ({ project, ...damage })));
    }
  } finally {
    rmSync(scratchFolder, { recursive: true, force: true });
  }
  return sum;
}

/** The tables of a project, by what people call them. */
function tablesOf(folder: ProjectFolder): [name: string, place: string][] {
  const sources = folder.sourceNames();
  return [
    ['table', folder.table],
    ['predictions/table', folder.predictions],
    ...sources.map((name): [string, string] => [`sources/${name}/table`, folder.source(name).table]),
  ];
}

/** A file that two records say the same of is told once. */
function withoutRepetition(found: readonly Found[]): Found[] {
  const told = new Map(found.map((damage) => [`${damage.part} ${damage.kind}`, damage]));
  return [...told.values()];
}

async function verifyUploads(folder: ProjectFolder, found: Found[]): Promise<number> {
  const names = existsSync(folder.uploads) ? readdirSync(folder.uploads) : [];
  const kept = names.filter((name) => !name.startsWith('.') && !existsSync(folder.upload(name).discarded));
  for (const name of kept) {
    const place = folder.upload(name);
    await attempt(`uploads/${name}`, found, async () => {
      const expected = readJson<Received>(place.received)?.sha256;
      await compareDigest(place.file, expected, `uploads/${name}/received.csv`, found);
    });
  }
  return kept.length;
}

async function verifyModels(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  scratch: string,
  found: Found[],
): Promise<number> {
  const versions = modelVersions(folder);
  for (const version of versions) {
    const part = `models/${version}`;
    const before = found.length;
    const place = folder.model(version);
    await attempt(part, found, async () => {
      await compareDigest(place.model, readCard(place)?.sha256, `${part}/model.ubj`, found);
      if (found.length > before) return;
      if (!existsSync(place.comparison)) return loadModel(place);
      const { rows, different } = await rescoreHoldout(connection, folder, version, scratch);
      if (different > 0) found.push({ part, kind: 'irreproducible', parameters: { rows, different } });
    });
  }
  return versions.length;
}

/** A model that was never compared has no scores to reproduce: it is loaded as for scoring, by the library and by our own code. */
async function loadModel(place: ModelFolder): Promise<void> {
  const bytes = await readFile(place.model);
  Booster.load(bytes).dispose();
  const { features } = Scorer.fromModel(bytes);
  const stated = readCard(place)?.features.length;
  if (features !== stated) throw new Error(`the model has ${features} features, its card ${stated}`);
}

/** The model that a decision put into production must be there, and the comparison that was shown be unchanged. */
async function verifyDecisions(folder: ProjectFolder, found: Found[]): Promise<number> {
  const names = existsSync(folder.decisions) ? readdirSync(folder.decisions) : [];
  const files = names.filter((name) => name.endsWith('.json'));
  for (const name of files) {
    await attempt(`decisions/${name}`, found, async () => {
      const decision = readJson<Selectable<DecisionsTable>>(join(folder.decisions, name));
      if (decision === undefined) return;
      const { id, champion, candidate, run, evidence } = decision;
      if (!existsSync(folder.model(champion).model)) {
        const [part, kind] = [`models/${champion}/model.ubj`, 'missing'] as const;
        if (!found.some((damage) => damage.part === part)) found.push({ part, kind, parameters: {} });
      }
      // From the list of models; nothing was shown where no comparison was possible.
      if (run === null && evidence === '') return;
      const [place, shown] =
        run === null
          ? [folder.decisionComparison(id), `decisions/comparisons/${id}.json`]
          : [folder.model(candidate).comparison, `models/${candidate}/evaluation/comparison.json`];
      await compareDigest(place, evidence, shown, found);
    });
  }
  return files.length;
}

/** What a damaged file breaks is damage, too, and no reason to stop looking. */
async function attempt(part: string, found: Found[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    found.push(unreadablePart(part, error));
  }
}

/** @param expected undefined when what should say it is gone */
async function compareDigest(
  path: string,
  expected: string | undefined,
  part: string,
  found: Found[],
): Promise<void> {
  const digest = createHash('sha256');
  if (expected !== undefined && existsSync(path)) {
    await pipeline(createReadStream(path), digest);
    if (digest.digest('hex') === expected) return;
    found.push({ part, kind: 'altered', parameters: {} });
  } else {
    found.push({ part, kind: 'missing', parameters: {} });
  }
}
