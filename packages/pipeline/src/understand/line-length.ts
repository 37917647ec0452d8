import { closeSync, openSync, readSync } from 'node:fs';
import type { StoredProblem } from '@kaefer/contracts/messages';

/** Longest line that is read, in bytes: a file of one endless line must not fill the memory. */
export const maxLineBytes = 4 << 20;

const blockBytes = 4 << 20;
const [lineFeed, carriageReturn] = [10, 13];

/**
 * Finds a line of more than `maxLineBytes`: DuckDB leaves one out without a word where it goes over the end of what is
 * read at a time, so such a file is refused before. A line longer than a block goes over the border of one, so only the
 * first and the last line end of each block are looked for.
 *
 * @returns the problem, or undefined when every line is short enough
 */
export function findEndlessLine(path: string): StoredProblem | undefined {
  const descriptor = openSync(path, 'r');
  const block = Buffer.alloc(blockBytes);
  try {
    let lineStart = 0;
    let position = 0;
    for (;;) {
      const read = readSync(descriptor, block, 0, blockBytes, position);
      const bytes = block.subarray(0, read);
      const first = firstLineEnd(bytes);
      const isLast = read === 0;
      if (first >= 0 || isLast) {
        const length = position + Math.max(first, 0) - lineStart;
        if (length > maxLineBytes) return problemAt(descriptor, lineStart, block);
        if (isLast) return undefined;
        lineStart = position + Math.max(bytes.lastIndexOf(lineFeed), bytes.lastIndexOf(carriageReturn)) + 1;
      }
      position += read;
    }
  } finally {
    closeSync(descriptor);
  }
}

function firstLineEnd(bytes: Buffer): number {
  const feed = bytes.indexOf(lineFeed);
  const carriage = (feed < 0 ? bytes : bytes.subarray(0, feed)).indexOf(carriageReturn);
  return carriage < 0 ? feed : carriage;
}

/** The problem with the number of the line that begins at a byte. */
function problemAt(descriptor: number, lineStart: number, block: Buffer): StoredProblem {
  let feeds = 0;
  let carriages = 0;
  for (let position = 0; position < lineStart;) {
    const read = readSync(descriptor, block, 0, Math.min(blockBytes, lineStart - position), position);
    if (read === 0) break;
    for (const byte of block.subarray(0, read)) {
      if (byte === lineFeed) feeds++;
      else if (byte === carriageReturn) carriages++;
    }
    position += read;
  }
  const line = (feeds > 0 ? feeds : carriages) + 1;
  return { code: 'line_too_long', parameters: { line, limit: maxLineBytes >> 20 }, line, count: 1 };
}
