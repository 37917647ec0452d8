import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyReply } from 'fastify';
import type { SqlLimits } from '@kaefer/pipeline';
import type { Context } from '../context.ts';
import { withSqlScratch } from '../sql-scratch.ts';
import { sendAndRemove } from './send-file.ts';

/**
 * Sends a CSV file that is made for this answer alone.
 *
 * @param name what the browser calls it; ASCII letters, digits, dots and dashes
 * @param write makes the file
 */
export async function sendExport(
  context: Context,
  reply: FastifyReply,
  name: string,
  write: (limits: SqlLimits, output: string) => Promise<unknown>,
): Promise<FastifyReply> {
  const exports = join(context.scratch, 'exports');
  mkdirSync(exports, { recursive: true });
  const output = join(exports, `${context.newId('export')}.csv`);
  await withSqlScratch(context, 'export', (limits) => write(limits, output));
  return sendAndRemove(reply, output, 'text/csv; charset=utf-8', name);
}
