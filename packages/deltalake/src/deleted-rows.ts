import type { AddFile } from './actions.ts';
import { DeltaError } from './delta-error.ts';
import { rowsOfVector, vectorId, vectorPath } from './deletion-vector.ts';
import type { ObjectStore } from './object-store.ts';
import type { RowBits } from './row-bits.ts';

/** Files of vectors that are read at a time. */
const filesAtOnce = 16;

/** By the file as a snapshot has it. An error is kept until somebody asks for the rows: others can still be read. */
const loaded = new WeakMap<object, RowBits | Error>();

/** Reads the deletion vectors of some files, once; several mostly lie in one file. */
export async function loadDeletedRows(store: ObjectStore, files: readonly AddFile[]): Promise<void> {
  const wanted = new Map<string | undefined, AddFile[]>();
  for (const file of files)
    if (file.deletionVector && !loaded.has(file))
      try {
        const path = vectorPath(file.deletionVector, store.address);
        const group = wanted.get(path);
        if (group) group.push(file);
        else wanted.set(path, [file]);
      } catch (error) {
        loaded.set(file, asError(error));
      }
  const groups = [...wanted];
  for (let from = 0; from < groups.length; from += filesAtOnce)
    await Promise.all(
      groups.slice(from, from + filesAtOnce).map(async ([path, group]) => {
        const object = path === undefined ? undefined : await store.read(path);
        for (const file of group) loaded.set(file, rowsOrError(file, path, object?.data));
      }),
    );
}

function rowsOrError(file: AddFile, path: string | undefined, data: Buffer | undefined): RowBits | Error {
  const { deletionVector } = file;
  if (!deletionVector) return new Uint8Array();
  if (path !== undefined && data === undefined)
    return new DeltaError(
      'data_file_missing',
      `The deletion vector ${path} of the file ${file.path} is gone (vacuumed).`,
    );
  try {
    return rowsOfVector(deletionVector, data);
  } catch (error) {
    return asError(error);
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/**
 * The rows of a snapshot's file that are no longer in the table; undefined when all are.
 *
 * @throws DeltaError `data_file_missing`, `deletion_vector_corrupt`, `unsupported_feature`
 */
export function deletedRows(file: AddFile): RowBits | undefined {
  if (!file.deletionVector) return undefined;
  const rows = loaded.get(file);
  if (rows instanceof Error) throw rows;
  if (rows === undefined)
    throw new DeltaError(
      'invalid_argument',
      `The file ${file.path} with the deletion vector ${vectorId(file)} is none of a snapshot's own objects.`,
    );
  return rows;
}
