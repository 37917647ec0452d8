import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * Writes the pieces of a CSV as they come.
 *
 * @returns rows without the header
 */
export async function writeDemoFile(path: string, chunks: Iterable<string>): Promise<number> {
  let lines = 0;
  const counted = function* (): Generator<string> {
    for (const chunk of chunks) {
      lines += chunk.split('\r\n').length - 1;
      yield chunk;
    }
  };
  await pipeline(Readable.from(counted()), createWriteStream(path));
  return lines - 1;
}
