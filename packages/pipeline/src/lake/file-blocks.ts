import { closeSync, openSync, readSync } from 'node:fs';

const blockBytes = 1 << 20;

/** A file's bytes, a block at a time; each lasts until the next is asked for. */
export function* blocksOf(path: string): Generator<Buffer> {
  const descriptor = openSync(path, 'r');
  const block = Buffer.allocUnsafe(blockBytes);
  try {
    for (let read = readSync(descriptor, block); read > 0; read = readSync(descriptor, block))
      yield block.subarray(0, read);
  } finally {
    closeSync(descriptor);
  }
}
