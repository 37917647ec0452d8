import { rmSync } from 'node:fs';
import type { SqlLimits } from '@kaefer/pipeline';
import type { Context } from './context.ts';

/**
 * Gives work limits with a scratch folder of its own, and removes the folder afterwards: two DuckDBs must never spill
 * into the same one.
 */
export async function withSqlScratch<T>(
  context: Context,
  prefix: string,
  work: (limits: SqlLimits) => Promise<T>,
): Promise<T> {
  const limits = context.limits(context.newId(prefix));
  try {
    return await work(limits);
  } finally {
    rmSync(limits.scratchFolder, { recursive: true, force: true });
  }
}
