import type { TableChange } from './commit.ts';
import { fileKey } from './deletion-vector.ts';
import type { Snapshot } from './snapshot.ts';

/** The change that makes `current` equal to `target` in files, schema and configuration. */
export function restoreChange(
  current: Snapshot,
  target: Snapshot,
  info?: Record<string, unknown>,
): TableChange {
  const wanted = new Set(target.files.map(fileKey));
  const present = new Set(current.files.map(fileKey));
  const add = target.files.filter((file) => !present.has(fileKey(file)));
  const remove = current.files.filter((file) => !wanted.has(fileKey(file)));
  const sameMetadata = JSON.stringify(current.metadata) === JSON.stringify(target.metadata);
  return {
    add,
    remove,
    ...(!sameMetadata && { metadata: { ...target.metadata, id: current.metadata.id } }),
    reads: () => true,
    operation: 'RESTORE',
    parameters: { version: target.version },
    metrics: { numRestoredFiles: add.length, numRemovedFiles: remove.length },
    ...(info && { info }),
  };
}
