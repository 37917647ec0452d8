import { readSync } from 'node:fs';

const blockBytes = 4 << 20;

/** Bytes of a file, and how many of them at their beginning are the end of those before. They change with the next. */
interface FileBlock {
  readonly bytes: Buffer;
  readonly carried: number;
}

/** A file from its beginning, block by block; each begins with the last `overlap` bytes of the one before. */
export function* blocksOf(descriptor: number, overlap: number): Generator<FileBlock> {
  const block = Buffer.alloc(overlap + blockBytes);
  for (let position = 0, carried = 0; ;) {
    const read = readSync(descriptor, block, carried, blockBytes, position);
    if (read === 0) return;
    const length = carried + read;
    yield { bytes: block.subarray(0, length), carried };
    position += read;
    carried = Math.min(overlap, length);
    block.copyWithin(0, length - carried, length);
  }
}
