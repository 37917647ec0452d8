import { FreeSpace, type FileLimits } from '@kaefer/pipeline';
import type { Context } from './context.ts';

/** What a file may hold: unpacked not more than a file that is sent as it is, and never the space that is to stay free. */
export function fileLimits({ config }: Context): FileLimits {
  return { unpackedBytes: config.uploadLimitBytes, minFreeBytes: config.minFreeBytes };
}

/** A file is kept as it came, and its typed rows beside it and in the table. */
const copiesOfFile = 3;

/**
 * Refuses work for which there is too little space left, before it begins.
 *
 * @param fileBytes size of the file to come; 0 where nobody says
 * @throws KaeferError `disk_full`
 */
export function requireSpace({ config }: Context, fileBytes: number): void {
  new FreeSpace(config.dataDir, config.minFreeBytes).require(copiesOfFile * fileBytes);
}
