import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Costs } from '@kaefer/contracts';
import { KaeferError } from '@kaefer/contracts/messages';
import type { ProjectFolder } from '../lake/layout.ts';
import { readCard } from '../lake/model-card.ts';
import { prepareRun } from '../prepare/index.ts';
import { fitModel } from './train-model.ts';

/**
 * Trains a model again from its card alone, on the table version and with the features and settings that it names,
 * and compares the bytes with those in the lake.
 *
 * @throws KaeferError `model_not_found`
 */
export async function reproduceModel(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  version: number,
  costs: Costs | null,
  scratch: string,
): Promise<{ identical: boolean; expectedSha256: string; sha256: string }> {
  const card = readCard(folder.model(version));
  if (card === undefined) throw new KaeferError('model_not_found', { version });
  const parent = card.parent === null ? undefined : readCard(folder.model(card.parent));
  try {
    const prepared = await prepareRun(
      connection,
      folder,
      {
        task: card.task,
        target: card.target,
        classes: card.classes,
        key: card.key,
        date: null,
        exclude: [],
        split: card.split,
        mode: card.mode,
        datasetVersion: card.datasetVersion,
        parent: parent === undefined ? null : parent,
        features: card.features,
        replay: card.settings.replay,
        isPooled: card.rows.isPooled,
      },
      scratch,
    );
    const parentBytes = card.parent === null ? undefined : readFileSync(folder.model(card.parent).model);
    const { bytes } = await fitModel(
      prepared,
      { task: card.task, settings: card.settings, mode: card.mode, costs, parameters: card.parameters },
      parentBytes,
      () => undefined,
    );
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { identical: sha256 === card.sha256, expectedSha256: card.sha256, sha256 };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
