import { existsSync, statSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { firstBytesOf } from '../lake/file-blocks.ts';
import type { UploadFolder } from '../lake/layout.ts';

const everyMs = 400;
/** Enough of a text to tell how long its rows are. */
const sampledBytes = 1 << 20;

/** How far the check of a file is. */
export interface CheckProgress {
  /** Of the whole check, 0 to 1, never falling: how many passes a file needs is not known before. */
  readonly fraction: number;
  /** The file is read several times; the first is 1. */
  readonly pass: number;
  /** Rows read in this pass, about: from the bytes read and the length of the first rows. */
  readonly rows: number;
}

/**
 * Tells, while DuckDB reads a file, how far it is. Queries too short to be seen are not told of.
 *
 * @returns ends it
 */
export async function watchCheck(
  connection: DuckDBConnection,
  folder: Pick<UploadFolder, 'file' | 'decoded'>,
  report: (progress: CheckProgress) => void,
): Promise<() => void> {
  await connection.run('SET enable_progress_bar = true');
  await connection.run('SET enable_progress_bar_print = false');
  let rows: number | undefined;
  let seen = 0;
  let pass = 1;
  const look = (): void => {
    const { percentage } = connection.progress;
    if (percentage <= 0) return;
    rows ??= estimateRows(existsSync(folder.decoded) ? folder.decoded : folder.file);
    const share = Math.min(1, percentage / 100);
    if (share < seen) pass++;
    seen = share;
    report({ ...progressOf(pass, share), rows: Math.round(share * rows) });
  };
  const timer = setInterval(look, everyMs);
  return () => clearInterval(timer);
}

/** Each pass is taken for half of what is left: the first two are the longest. */
export function progressOf(
  pass: number,
  share: number,
): { readonly fraction: number; readonly pass: number } {
  return { fraction: 1 - 0.5 ** (pass - 1) * (1 - share / 2), pass };
}

/** How many rows a text has, if all are as long as its first. */
export function estimateRows(path: string): number {
  const { size } = statSync(path);
  const sample = firstBytesOf(path, Math.min(size, sampledBytes));
  let lines = 0;
  for (let at = sample.indexOf(10); at !== -1; at = sample.indexOf(10, at + 1)) lines++;
  return lines === 0 ? 1 : Math.round((size / sample.length) * lines);
}
