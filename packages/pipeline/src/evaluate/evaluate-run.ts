import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { publishFolder, readJson } from '../lake/durable.ts';
import type { ProjectFolder } from '../lake/layout.ts';
import { compareModels, type ComparisonRequest } from './compare-models.ts';
import type { StoredComparison } from './stored-comparison.ts';

/**
 * Compares a run's candidate with the current model and publishes the result beside the candidate; when it is there
 * already, nothing is done.
 *
 * @throws KaeferError see {@link compareModels}
 */
export async function evaluateRun(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  request: ComparisonRequest,
): Promise<StoredComparison> {
  const place = folder.model(request.candidate);
  const done = readJson<StoredComparison>(place.comparison);
  if (done !== undefined) return done;
  const finished = join(place.path, '.evaluation.part');
  rmSync(finished, { recursive: true, force: true });
  mkdirSync(finished, { recursive: true });
  const comparison = await compareModels(connection, folder, request, join(finished, 'holdout.parquet'));
  writeFileSync(join(finished, 'comparison.json'), `${JSON.stringify(comparison)}\n`);
  publishFolder(finished, place.evaluation);
  return comparison;
}
