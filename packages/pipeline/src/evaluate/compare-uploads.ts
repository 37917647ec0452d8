import type { DuckDBConnection } from '@duckdb/node-api';
import type { Comparison, Task, UploadPart } from '@kaefer/contracts';
import { DeltaTable } from '@kaefer/deltalake';
import { compareSegments, type SegmentComparison } from '@kaefer/metrics';
import { createCodesSql, featureSql } from '../features/encoder.ts';
import { streamFloats } from '../features/stream-floats.ts';
import { splitRows } from '../features/table-rows.ts';
import { provenance } from '../lake/column-types.ts';
import type { ProjectFolder } from '../lake/layout.ts';
import { allRows, toCount } from '../sql/connection.ts';
import { quoteText } from '../sql/quote.ts';
import { fewestRows } from './compare-parts.ts';
import type { PairedLosses } from './row-losses.ts';
import { holdoutTable, type HoldoutRequest } from './score-holdout.ts';

/** Uploads that are listed. */
const mostUploads = 60;

/**
 * What each upload brought to the data of today, and how both models do on its test rows. Where the uploads are many, those
 * of this run and the largest are listed.
 *
 * @param losses of the rows of {@link holdoutTable}
 */
export async function compareUploads(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  request: HoldoutRequest,
  task: Task,
  losses: PairedLosses,
): Promise<NonNullable<Comparison['uploads']>> {
  const counted = await countRows(connection, folder, request, task);
  const listed = counted.slice(0, mostUploads);
  const found = await compareListed(
    connection,
    listed.map(({ upload }) => upload),
    losses,
  );
  return {
    total: counted.length,
    largest: listed.map((part, index) => ({ ...part, loss: found.get(index) ?? null })),
  };
}

async function countRows(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  { split, key, datasetVersion, target, newUploads }: HoldoutRequest,
  task: Task,
): Promise<Omit<UploadPart, 'loss'>[]> {
  const table = await DeltaTable.open(folder.table);
  const snapshot = await table.snapshot(datasetVersion);
  const rows = splitRows(table, snapshot, split, key, [target.name]);
  for (const statement of createCodesSql([target])) await connection.run(statement);
  const { upload } = provenance;
  const isNew = newUploads.length === 0 ? 'false' : `${upload} IN (${newUploads.map(quoteText).join(', ')})`;
  const value = `avg(CASE WHEN isnan(${featureSql(target)}) THEN NULL ELSE ${featureSql(target)} END)`;
  const outcome = task === 'multiclass' ? 'NULL' : value;
  const counted = await allRows(
    connection,
    `SELECT ${upload} AS upload, any_value(${isNew}) AS is_new, ` +
      `count(*) FILTER (NOT (${rows.inHoldout})) AS learning, test, ${outcome} AS outcome ` +
      `FROM ${rows.relation} LEFT JOIN (SELECT upload AS tested, count(*) AS test FROM ${holdoutTable} GROUP BY upload) ` +
      `ON tested = ${upload} WHERE ${upload} IS NOT NULL GROUP BY ${upload}, test ` +
      'ORDER BY is_new DESC, count(*) DESC, upload',
  );
  return counted.map((row) => ({
    upload: String(row['upload']),
    isNew: row['is_new'] === true,
    learningRows: toCount(row['learning']),
    testRows: toCount(row['test'] ?? 0),
    outcome: typeof row['outcome'] === 'number' ? row['outcome'] : null,
  }));
}

/** The losses on each upload's rows, by its place in the list. */
async function compareListed(
  connection: DuckDBConnection,
  uploads: readonly string[],
  { current, candidate }: PairedLosses,
): Promise<Map<number, NonNullable<UploadPart['loss']>>> {
  if (uploads.length === 0) return new Map();
  const codes = new Int32Array(current.length).fill(-1);
  let row = 0;
  const list = uploads.map(quoteText).join(', ');
  const query = `SELECT coalesce(list_position([${list}], upload), 0)::FLOAT AS place FROM ${holdoutTable}`;
  await streamFloats(connection, query, ([place], count) => {
    for (let index = 0; index < count; index++) codes[row++] = (place?.[index] ?? 0) - 1;
  });
  const partition = { codes, segments: uploads.length };
  const found = compareSegments([partition], current, candidate, { fewestRows });
  return new Map(found.map((one) => [one.segment, lossOf(one)]));
}

function lossOf({
  current,
  candidate,
  difference,
  adjustedPValue,
}: SegmentComparison): NonNullable<UploadPart['loss']> {
  const { estimate, low, high, pValue } = difference;
  return {
    current: current.estimate,
    candidate: candidate.estimate,
    difference: { estimate, low, high, pValue },
    adjustedPValue,
  };
}
