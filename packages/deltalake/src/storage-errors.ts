import { DeltaError } from './delta-error.ts';
import type { DeltaErrorCode } from './delta-error.ts';

/** What Node's and DuckDB's errors say when the system refuses a write. */
const refusals: readonly {
  code: DeltaErrorCode;
  errors: readonly string[];
  texts: RegExp;
  message: string;
}[] = [
  {
    code: 'storage_full',
    errors: ['ENOSPC', 'EDQUOT'],
    texts: /No space left on device|Disk quota exceeded/i,
    message: 'has no space left. The table is as it was. Free some space and try again.',
  },
  {
    code: 'storage_not_writable',
    errors: ['EROFS', 'EACCES', 'EPERM'],
    texts: /Read-only file system|Permission denied|Operation not permitted/i,
    message: 'cannot be written to. The table is as it was. Allow writing there and try again.',
  },
];

/**
 * Does something that writes, and says in this package's words when the system refused.
 *
 * @param address of the store, for the message
 * @throws DeltaError `storage_full`, `storage_not_writable`; else what `work` throws
 */
export async function sayingWhyNotWritten<T>(address: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof DeltaError) throw error;
    const found = refusals.find(
      ({ errors, texts }) =>
        errors.includes(String((error as NodeJS.ErrnoException).code)) || texts.test(error.message),
    );
    if (found === undefined) throw error;
    throw new DeltaError(found.code, `${address} ${found.message}`, { cause: error });
  }
}
