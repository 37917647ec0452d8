import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DeltaTable, Snapshot } from '@kaefer/deltalake';
import type { Feature, Mode, Task } from '@kaefer/contracts';
import { KaeferError } from '@kaefer/contracts/messages';
import { columnsOfSchema } from '../lake/column-types.ts';
import { findTable } from '../lake/project-table.ts';
import { readJson, writeJsonDurably } from '../lake/durable.ts';
import { mergedUploadsOf } from '../lake/upload-effects.ts';
import type { ProjectFolder } from '../lake/layout.ts';
import { emptyDictionary, growDictionary, type Dictionary } from '../features/dictionary.ts';
import { targetOf, type EncodedFeature } from '../features/encoder.ts';
import { MatrixReader } from '../features/matrix-file.ts';
import type { Split } from '../features/split.ts';
import { splitRows, type SplitRows } from '../features/table-rows.ts';
import { chooseColumns } from './choose-columns.ts';
import { chooseLearned } from './choose-learned.ts';
import { FeatureSample } from './feature-sample.ts';
import { pooledFrom, pooledRows } from './row-pool.ts';
import { writeMatrices, writeTrainingKeys, type MatrixFiles } from './write-matrices.ts';

/** What training needs of a project. */
export interface PreparationRequest {
  readonly task: Task;
  readonly target: string;
  readonly classes: readonly string[];
  readonly key: string | null;
  readonly date: string | null;
  readonly exclude: readonly string[];
  readonly split: Split;
  readonly mode: Mode;
  readonly datasetVersion: number;
  /** The model to continue or to refresh; null in a full run. */
  readonly parent: {
    readonly features: readonly Feature[];
    readonly classes: readonly string[];
    readonly datasetVersion: number;
  } | null;
  /** Features to use exactly as given, when a model is reproduced. */
  readonly features?: readonly Feature[];
  /** Incremental runs: rows of before that are learned again for each new one. Default none. */
  readonly replay?: number | undefined;
  /** When a model is reproduced: whether its run read the rows of before from the pool. */
  readonly isPooled?: boolean;
  /** Rows from which on a table's rows of before come from the pool, see {@link pooledRows}. Default {@link pooledFrom}. */
  readonly pooledFrom?: number;
}

/** The training data, encoded in scratch files; `prepared.json` appears last. */
export interface Prepared {
  readonly datasetVersion: number;
  readonly features: readonly Feature[];
  readonly classes: readonly string[];
  /** Of the training rows of an incremental run those that are not new. */
  readonly replayed: number;
  /** Whether rows of before came from the pool. */
  readonly isPooled: boolean;
  readonly training: MatrixFiles;
  readonly validation: MatrixFiles;
  readonly trainingKeys: string;
}

const fewestTrainingRows = 20;
const fewestValidationRows = 5;

/**
 * Encodes a table version for training: grows the project's dictionary, chooses the features, writes the matrices
 * and the list of training keys into `scratch`. Doing it again gives the same files.
 *
 * @throws KaeferError `no_data`, `no_features`, `nothing_new`, `classes_changed`, `too_few_rows`, `one_outcome`
 */
export async function prepareRun(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  request: PreparationRequest,
  scratch: string,
): Promise<Prepared> {
  mkdirSync(scratch, { recursive: true });
  const table = await findTable(folder.table);
  if (table === undefined) throw new KaeferError('no_data');
  const snapshot = await table.snapshot(request.datasetVersion);
  if (snapshot.rowCount === 0) throw new KaeferError('no_data');
  const newUploads =
    request.mode === 'incremental' && request.parent !== null
      ? await uploadsSince(table, request.parent.datasetVersion, request.datasetVersion)
      : undefined;
  requireContinuable(request, newUploads);

  const { split, key } = request;
  const everything = snapshot.schema.map(({ name }) => name);
  const isLarge = snapshot.rowCount >= (request.pooledFrom ?? pooledFrom);
  const poolOf = async (columns: readonly string[]): Promise<SplitRows | undefined> => {
    if (newUploads === undefined || request.parent === null || !(request.isPooled ?? isLarge))
      return undefined;
    const parentVersion = request.parent.datasetVersion;
    const wanted = { split, key, columns, newUploads, parentVersion };
    return pooledRows(connection, folder.pool, table, snapshot, wanted);
  };
  // New texts come with new rows, so that the pool shows all that the dictionary lacks.
  const rows = (await poolOf(everything)) ?? splitRows(table, snapshot, split, key, everything);
  const inputs = request.features ?? (await inputsFor(connection, folder, request, snapshot, rows));
  if (inputs.length === 0) throw new KaeferError('no_features');

  const columns = [...inputs.map(({ name }) => name), request.target];
  const pooled = await poolOf(columns);
  const fewer = pooled && newUploads && (await chooseLearned(connection, pooled, newUploads, request));
  // A reproduction reads what the run did; a run reads the whole table where the pool is too small for it.
  const isPooled = pooled !== undefined && (fewer?.hasEnough === true || request.isPooled === true);
  const used = isPooled ? pooled : splitRows(table, snapshot, request.split, request.key, columns);
  const learned =
    newUploads && (isPooled ? fewer : await chooseLearned(connection, used, newUploads, request));
  const sample = new FeatureSample(inputs.length, snapshot.rowCount);
  const matrices = await writeMatrices(
    connection,
    used,
    inputs,
    targetOf(request),
    learned?.rows,
    scratch,
    sample,
  );
  const isContinued = learned !== undefined;
  if (isContinued && matrices.training.rows === 0) throw new KaeferError('nothing_new');
  requireEnough(matrices.training.rows, isContinued ? 1 : fewestTrainingRows);
  requireEnough(matrices.validation.rows, fewestValidationRows);
  if (!isContinued && request.task !== 'regression') requireTwoOutcomes(matrices.training, request.target);
  const trainingKeys = join(scratch, 'training-keys.parquet');
  await writeTrainingKeys(connection, used, learned?.rows, trainingKeys);
  const prepared: Prepared = {
    datasetVersion: snapshot.version,
    features: inputs.map((input, index) => (isDescribed(input) ? input : sample.describe(input, index))),
    classes: request.classes,
    replayed: learned === undefined ? 0 : matrices.training.rows - learned.added,
    isPooled,
    ...matrices,
    trainingKeys,
  };
  writeJsonDurably(join(scratch, 'prepared.json'), prepared);
  return prepared;
}

function requireContinuable(
  { parent, classes }: PreparationRequest,
  newUploads: readonly string[] | undefined,
): void {
  if (parent === null) return;
  const added = classes.filter((name) => !parent.classes.includes(name));
  if (added.length > 0) throw new KaeferError('classes_changed', { classes: added.join(', ') });
  if (newUploads?.length === 0) throw new KaeferError('nothing_new');
}

function requireEnough(rows: number, minimum: number): void {
  if (rows < minimum) throw new KaeferError('too_few_rows', { rows, minimum });
}

function requireTwoOutcomes({ labels, rows }: MatrixFiles, target: string): void {
  const reader = new MatrixReader(labels, 1);
  try {
    let first: number | undefined;
    for (let batch = reader.next(); batch !== null; batch = reader.next()) {
      first ??= batch.data[0];
      if (batch.data.some((label) => label !== first)) return;
    }
  } finally {
    reader.close();
  }
  throw new KaeferError('one_outcome', { rows, target });
}

/**
 * The inputs of a full run are chosen anew and described after encoding; with a parent they are its own, and learn new
 * codes at their end. An incremental run keeps their descriptions, too: it sees too few rows to describe them.
 */
async function inputsFor(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  request: PreparationRequest,
  snapshot: Snapshot,
  rows: SplitRows,
): Promise<(EncodedFeature | Feature)[]> {
  const left = new Set([request.key, request.target, request.date, ...request.exclude]);
  const columns = columnsOfSchema(snapshot.schema).filter(({ name }) => !left.has(name));
  const known = readJson<Dictionary>(folder.dictionary) ?? emptyDictionary;
  const kept = request.parent?.features;
  const chosen = await chooseColumns(
    connection,
    rows,
    kept === undefined
      ? columns
      : columns.filter(({ name }) => kept.some((feature) => feature.name === name)),
    known,
  );
  const dictionary = growDictionary(known, chosen.levels);
  writeJsonDurably(folder.dictionary, dictionary);
  const levelsOf = ({ name, type }: EncodedFeature): { levels?: string[] } =>
    type === 'text' ? { levels: [...(dictionary.columns[name] ?? [])] } : {};
  if (request.mode === 'incremental')
    return (kept ?? []).map((feature) => ({ ...feature, ...levelsOf(feature) }));
  return (kept ?? chosen.columns).map(({ name, type }) => ({ name, type, ...levelsOf({ name, type }) }));
}

function isDescribed(input: EncodedFeature | Feature): input is Feature {
  return 'missingShare' in input;
}

/** Uploads merged after one dataset version, up to another. */
async function uploadsSince(table: DeltaTable, after: number, upTo: number): Promise<string[]> {
  const history = await table.history();
  return history.filter(({ version }) => version > after && version <= upTo).flatMap(mergedUploadsOf);
}
