import type { TableChange } from './commit.ts';
import type { Snapshot } from './snapshot.ts';

/** The change that makes `current` equal to `target` in files, schema and configuration. */
export function restoreChange(
  current: Snapshot,
  target: Snapshot,
  info?: Record<string, unknown>,
): TableChange {
  const wanted = new Set(target.files.map(({ path }) => path));
  const present = new Set(current.files.map(({ path }) => path));
  const add = target.files.filter(({ path }) => !present.has(path));
  const remove = current.files.filter(({ path }) => !wanted.has(path));
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
