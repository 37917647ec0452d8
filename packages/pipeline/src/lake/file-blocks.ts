import { closeSync, openSync, readSync } from 'node:fs';

const blockBytes = 1 << 20;

/** The first bytes of a file, at most `count`. */
export function firstBytesOf(path: string, count: number): Buffer {
  const bytes = Buffer.alloc(count);
  const descriptor = openSync(path, 'r');
  try {
    return bytes.subarray(0, readSync(descriptor, bytes, 0, count, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** A file's bytes, a block at a time; each lasts until the next is asked for. */
export function* blocksOf(path: string): Generator<Buffer> {
  for (const { bytes } of overlappingBlocksOf(path, 0)) yield bytes;
}

/**
 * The same, where each block begins with the last `overlap` bytes of the one before: what is no longer than one byte more is
 * whole in one of them. `carried` says how many bytes of a block were in the one before.
 */
export function* overlappingBlocksOf(
  path: string,
  overlap: number,
): Generator<{ readonly bytes: Buffer; readonly carried: number }> {
  const descriptor = openSync(path, 'r');
  const block = Buffer.allocUnsafe(overlap + blockBytes);
  try {
    for (let carried = 0; ;) {
      const read = readSync(descriptor, block, carried, blockBytes, null);
      if (read === 0) return;
      const length = carried + read;
      yield { bytes: block.subarray(0, length), carried };
      carried = Math.min(overlap, length);
      block.copyWithin(0, length - carried, length);
    }
  } finally {
    closeSync(descriptor);
  }
}
