import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { holdoutFileSql } from '../evaluate/holdout-file.ts';
import { scoreHoldout } from '../evaluate/score-holdout.ts';
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
  const { rows, scores } = await scoreHoldout(connection, folder, [{ card, lineage: [version] }], {
    split: card.split,
    key: card.key,
    datasetVersion: comparison.datasetVersion,
    target: targetOf(card),
    newUploads: [],
  });
  const rescored = join(scratch, 'rescored.parquet');
  const candidate = scores[0] as Float32Array;
  await connection.run(await holdoutFileSql(connection, rescored, card, { current: null, candidate }));
  const names = card.task === 'multiclass' ? card.classes.map((name) => `candidate:${name}`) : ['candidate'];
  const differs = ['key', ...names].map(
    (name) => `kept.${quoteName(name)} IS DISTINCT FROM again.${quoteName(name)}`,
  );
  const { different, n } = await oneRow(
    connection,
    `SELECT count(*) FILTER (${differs.join(' OR ')}) AS different, count(kept.key) AS n ` +
      `FROM read_parquet(${quoteText(place.holdout)}) AS kept POSITIONAL JOIN read_parquet(${quoteText(rescored)}) AS again`,
  );
  return { rows: Math.max(rows, toCount(n)), different: toCount(different) };
}
