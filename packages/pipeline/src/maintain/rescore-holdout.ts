import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { holdoutFileSql } from '../evaluate/holdout-file.ts';
import { scoreHoldout, withThreads } from '../evaluate/score-holdout.ts';
import type { StoredComparison } from '../evaluate/stored-comparison.ts';
import { targetOf } from '../features/encoder.ts';
import { readJson } from '../lake/durable.ts';
import type { ProjectFolder } from '../lake/layout.ts';
import { readCard } from '../lake/model-card.ts';
import { oneRow, toCount } from '../sql/connection.ts';
import { quoteName, quoteText } from '../sql/quote.ts';

/**
 * Scores the holdout as it was when a model was compared, with the model as it is again.
 *
 * @returns how many rows that holdout has, and how many have another key or score, be it by one bit, than was kept then
 */
export async function rescoreHoldout(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  version: number,
  scratch: string,
): Promise<{ rows: number; different: number }> {
  const place = folder.model(version);
  const card = readCard(place);
  const comparison = readJson<StoredComparison>(place.comparison);
  if (card === undefined || comparison === undefined) throw new Error(`model ${version} was never compared`);
  const models = [{ card, lineage: [version] }];
  const request = {
    split: card.split,
    key: card.key,
    datasetVersion: comparison.datasetVersion,
    target: targetOf(card),
    newUploads: [],
    holdout: {
      after: comparison.holdout.after ?? null,
      before: comparison.holdout.before ?? null,
    },
  };
  const { rows, scores } = await withThreads(folder, models, request, (threads) =>
    scoreHoldout(connection, folder, models, request, threads),
  );
  const rescored = join(scratch, 'rescored.parquet');
  const candidate = scores[0] as Float32Array;
  await connection.run(await holdoutFileSql(connection, rescored, card, { current: null, candidate }));
  const names = card.task === 'multiclass' ? card.classes.map((name) => `candidate:${name}`) : ['candidate'];
  // Which row is where says nothing: the rows are compared as a whole.
  const columns = ['key', ...names].map(quoteName).join(', ');
  const [kept, again] = [place.holdout, rescored].map(
    (path) => `SELECT ${columns} FROM read_parquet(${quoteText(path)})`,
  );
  const { different, n } = await oneRow(
    connection,
    `SELECT greatest((SELECT count(*) FROM (${kept} EXCEPT ALL ${again})), (SELECT count(*) FROM (${again} EXCEPT ALL ${kept}))) AS different, ` +
      `(SELECT count(*) FROM (${kept})) AS n`,
  );
  return { rows: Math.max(rows, toCount(n)), different: toCount(different) };
}
