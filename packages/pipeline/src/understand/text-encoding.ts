import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';
import type { StoredProblem } from '@kaefer/contracts/messages';
import { firstBytesOf } from '../lake/file-blocks.ts';
import { findOneByteEncoding } from './one-byte-encoding.ts';

/** Encodings that files are read in; the names are those of the WHATWG Encoding Standard, and IANA's for DOS's code page 850. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'ibm850';

const blockBytes = 4 << 20;

/**
 * How a file's text is encoded: UTF-16 says so by its mark; what is valid UTF-8 is UTF-8; the rest is Windows-1252,
 * which holds Latin-1, or code page 850, when its bytes can be that. Damaged UTF-8 is refused, not read as something else.
 */
export function findEncoding(path: string): TextEncoding | { readonly problem: StoredProblem } {
  const [first, second] = firstBytesOf(path, 2);
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const problem = findUtf8Problem(path);
  if (problem === undefined) return 'utf-8';
  const other = problem.code === 'not_utf8' ? findOneByteEncoding(path) : undefined;
  return other ?? { problem };
}

/** Reads a whole file in blocks and says why it is not UTF-8 text, or undefined when it is. */
function findUtf8Problem(path: string): StoredProblem | undefined {
  const block = Buffer.alloc(blockBytes + 4);
  const descriptor = openSync(path, 'r');
  try {
    let position = 0; // of block[0] in the file
    let carried = 0; // bytes at the start of the block that began a character in the one before
    for (;;) {
      const read = readSync(descriptor, block, carried, blockBytes, position + carried);
      const length = carried + read;
      if (position === 0 && length === 0) return { code: 'empty_file', parameters: {}, count: 1 };
      const zero = block.subarray(0, length).indexOf(0);
      if (zero >= 0)
        return { code: 'not_text', parameters: { byte: '0x00', position: position + zero }, count: 1 };
      const complete = read === 0 ? length : length - unfinishedBytes(block.subarray(0, length));
      if (!isUtf8(block.subarray(0, complete))) {
        return {
          code: 'not_utf8',
          parameters: { position: position + firstBadByte(block.subarray(0, complete)) },
          count: 1,
        };
      }
      if (read === 0) return undefined;
      block.copyWithin(0, complete, length);
      carried = length - complete;
      position += complete;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** How many bytes at the end belong to a character that is not complete yet. */
function unfinishedBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0b1100_0000) === 0b1000_0000) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? back : 0;
  }
  return 0;
}

/** Offset of the first character that is not valid, by halving. */
function firstBadByte(bytes: Buffer): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    const prefix = bytes.subarray(0, middle);
    if (isUtf8(prefix.subarray(0, middle - unfinishedBytes(prefix)))) good = middle;
    else bad = middle;
  }
  return good - unfinishedBytes(bytes.subarray(0, good));
}
