import type { AddFile } from './actions.ts';
import { vectorPath } from './deletion-vector.ts';
import type { LogicalFile } from './deletion-vector.ts';
import { DeltaError } from './delta-error.ts';

/** The path of a data file in the store: the log URL-encodes it (PROTOCOL.md, "Add File"). */
export function storePathOf(file: Pick<AddFile, 'path'>): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(file.path) || file.path.startsWith('/'))
    throw new DeltaError(
      'unsupported_feature',
      `The file ${file.path} lies outside the table (an absolute path, as of a shallow clone).`,
    );
  try {
    return decodeURIComponent(file.path);
  } catch (error) {
    throw new DeltaError('log_corrupt', `The path '${file.path}' in the log is not URL-encoded.`, {
      cause: error,
    });
  }
}

/** The paths of all that a file needs: its own, and that of its deletion vector's file. */
export function storePathsOf(file: LogicalFile, address: string): string[] {
  const vector = file.deletionVector ? vectorPath(file.deletionVector, address) : undefined;
  return [storePathOf(file), ...(vector === undefined ? [] : [vector])];
}
