import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Comparison, HoldoutStart, Task } from '@kaefer/contracts';
import { fewestOfEachOutcome } from '@kaefer/contracts/messages';
import type { DeltaTable } from '@kaefer/deltalake';
import { type Snapshot } from '@kaefer/deltalake';
import type { Split } from '../features/split.ts';
import { splitRows } from '../features/table-rows.ts';
import { namesIn, publishFolder } from '../lake/durable.ts';
import type { ProjectFolder } from '../lake/layout.ts';
import { allRows, toCount } from '../sql/connection.ts';
import { quoteName, quoteText } from '../sql/quote.ts';

/*
 * A row is a test row by its key alone, for ever. Which holdout a test row belongs to follows from when it came: to the
 * first, unless it was not yet there when a later one began. So no row ever moves to the training rows or away from them,
 * and a fresh holdout holds nothing that anybody has chosen on.
 */

/** Which test rows a comparison is made on. */
export interface HoldoutChoice {
  readonly number: number;
  /** Rows that came after this start … */
  readonly after: string | null;
  /** … and before this one. */
  readonly before: string | null;
  readonly collecting: { readonly rows: number; readonly needed: number } | null;
}

/** All test rows: what a project has until it asks for a fresh holdout. */
export const firstHoldout: HoldoutChoice = { number: 1, after: null, before: null, collecting: null };

export interface HoldoutCount {
  readonly number: number;
  readonly rows: number;
  /** Rows of the rarer outcome; null unless there are two. */
  readonly rarer: number | null;
}

/** A table version and what of it is for what. */
export interface HoldoutRows {
  readonly table: DeltaTable;
  readonly snapshot: Snapshot;
  readonly split: Split;
  readonly key: string | null;
  readonly task: Task;
  readonly target: string;
}

const isEarlierSql = (folder: ProjectFolder, start: string, key: string): string =>
  `${key}::VARCHAR IN (SELECT key FROM read_parquet(${quoteText(folder.earlierKeys(start))}))`;

/**
 * SQL that is true for the test rows that came between two starts; the lists of rows contain each other.
 *
 * @param key SQL for the row's key
 */
export function holdoutSql(
  folder: ProjectFolder,
  { after, before }: Pick<Comparison['holdout'], 'after' | 'before'>,
  key: string,
): string {
  const conditions = [
    ...(after === undefined || after === null ? [] : [`NOT ${isEarlierSql(folder, after, key)}`]),
    ...(before === undefined || before === null ? [] : [isEarlierSql(folder, before, key)]),
  ];
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}

/** How many rows of the data each holdout has, the first one first. */
export async function countHoldouts(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  { table, snapshot, split, key, task, target }: HoldoutRows,
  starts: readonly HoldoutStart[],
): Promise<HoldoutCount[]> {
  const rows = splitRows(table, snapshot, split, key, [target]);
  const outcome = task === 'regression' ? `''` : `${quoteName(target)}::VARCHAR`;
  const number = [
    'CASE',
    ...starts
      .map(({ id }, index) => `WHEN NOT ${isEarlierSql(folder, id, rows.key)} THEN ${index + 2}`)
      .reverse(),
    'ELSE 1 END',
  ].join(' ');
  const counted = await allRows(
    connection,
    `SELECT ${starts.length === 0 ? '1' : number} AS number, ${outcome} AS outcome, count(*) AS n ` +
      `FROM ${rows.relation} WHERE ${rows.inHoldout} GROUP BY 1, 2`,
  );
  return Array.from({ length: starts.length + 1 }, (_, index) => {
    const own = counted.filter((row) => Number(row['number']) === index + 1);
    const counts = own.map((row) => toCount(row['n']));
    const rarer = task !== 'binary' ? null : own.length < 2 ? 0 : Math.min(...counts);
    return { number: index + 1, rows: counts.reduce((sum, count) => sum + count, 0), rarer };
  });
}

/** Whether models may be compared on a holdout. */
export const isLargeEnough = ({ rows, rarer }: Omit<HoldoutCount, 'number'>, needed: number): boolean =>
  rows >= needed && (rarer ?? fewestOfEachOutcome) >= fewestOfEachOutcome;

/** The newest holdout that is large enough; of one that is not, no row is looked at before it is. */
export async function chooseHoldout(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  rows: HoldoutRows,
  starts: readonly HoldoutStart[],
): Promise<HoldoutChoice> {
  if (starts.length === 0) return firstHoldout;
  const counts = await countHoldouts(connection, folder, rows, starts);
  const number = numberInUse(counts, starts);
  const next = starts[number - 1];
  const waiting = counts[number];
  return {
    number,
    after: starts[number - 2]?.id ?? null,
    before: next?.id ?? null,
    collecting:
      next === undefined || waiting === undefined ? null : { rows: waiting.rows, needed: next.needed },
  };
}

/** Which of the holdouts models are compared on. */
export function numberInUse(counts: readonly HoldoutCount[], starts: readonly HoldoutStart[]): number {
  for (let place = starts.length - 1; place >= 0; place--) {
    const count = counts[place + 1];
    if (count !== undefined && isLargeEnough(count, (starts[place] as HoldoutStart).needed)) return place + 2;
  }
  return 1;
}

/**
 * Lists every test row that a comparison has seen or could have seen until now: those of the data, of earlier starts, and of
 * the comparisons that are kept, as rows may have been taken out since.
 *
 * @param id names the list; it is there whole or not at all
 * @returns how many rows it names
 */
export async function listEarlierKeys(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  { table, snapshot, split, key }: Omit<HoldoutRows, 'task' | 'target'>,
  id: string,
): Promise<number> {
  const finished = join(folder.holdouts, `.${id}.part`);
  rmSync(finished, { recursive: true, force: true });
  mkdirSync(finished, { recursive: true });
  const rows = splitRows(table, snapshot, split, key, []);
  const seen = [
    ...namesIn(folder.models).map((version) => folder.model(Number(version)).holdout),
    ...namesIn(folder.holdouts)
      .filter((name) => !name.startsWith('.'))
      .map((start) => folder.earlierKeys(start)),
  ].filter((path) => existsSync(path));
  const list = `[${seen.map(quoteText).join(', ')}]`;
  const output = join(finished, basename(folder.earlierKeys(id)));
  await connection.run(
    `COPY (SELECT DISTINCT key FROM (SELECT ${rows.key}::VARCHAR AS key FROM ${rows.relation} WHERE ${rows.inHoldout}` +
      `${seen.length === 0 ? '' : ` UNION ALL SELECT key::VARCHAR AS key FROM read_parquet(${list}, union_by_name = true)`}) ORDER BY key) ` +
      `TO ${quoteText(output)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)`,
  );
  const [counted] = await allRows(connection, `SELECT count(*) AS n FROM read_parquet(${quoteText(output)})`);
  publishFolder(finished, folder.holdout(id));
  return toCount(counted?.['n']);
}
