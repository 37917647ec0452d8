import { closeSync, openSync, writeSync } from 'node:fs';
import { blocksOf } from '../lake/file-blocks.ts';
import { decodeIbm850 } from './one-byte-encoding.ts';
import type { TextEncoding } from './text-encoding.ts';

/**
 * Writes a text file again as UTF-8 without a byte order mark, block by block.
 *
 * @param hasOneLineEnd whether every line end becomes a line feed, for files that mix them
 * @throws TypeError when the bytes are not what the encoding allows
 */
export function decodeFile(
  path: string,
  encoding: TextEncoding,
  output: string,
  hasOneLineEnd = false,
): void {
  const decode = decoderOf(encoding);
  const to = openSync(output, 'w');
  let held = ''; // a carriage return whose line feed may come with the next block
  const write = (text: string): void => {
    if (!hasOneLineEnd) {
      writeSync(to, text);
      return;
    }
    const whole = held + text;
    held = whole.endsWith('\r') ? '\r' : '';
    writeSync(to, whole.slice(0, whole.length - held.length).replace(/\r\n?/g, '\n'));
  };
  try {
    for (const bytes of blocksOf(path)) write(decode(bytes));
    write(decode());
    if (held !== '') writeSync(to, '\n');
  } finally {
    closeSync(to);
  }
}

/** Reads a file's text block by block; without bytes, what is left at its end. */
function decoderOf(encoding: TextEncoding): (bytes?: Uint8Array) => string {
  if (encoding === 'ibm850') return (bytes) => (bytes === undefined ? '' : decodeIbm850(bytes));
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (bytes) => decoder.decode(bytes, { stream: bytes !== undefined });
}

/** Whether a file of UTF-8 ends some lines by a line feed and others by a carriage return, with a line feed or without. */
export function mixesLineEnds(path: string): boolean {
  const seen = new Set<'lf' | 'crlf' | 'cr'>();
  let endsWithReturn = false; // the block before
  for (const bytes of blocksOf(path)) {
    if (endsWithReturn) seen.add(bytes[0] === lineFeed ? 'crlf' : 'cr');
    addLineEnds(bytes, endsWithReturn && bytes[0] === lineFeed ? 1 : 0, seen);
    endsWithReturn = bytes.at(-1) === carriageReturn;
    if (seen.size > 1) return true;
  }
  return false;
}

const [lineFeed, carriageReturn] = [0x0a, 0x0d];

/** The kinds of line end in a block from an offset on; a carriage return at its end is left to the next. */
function addLineEnds(bytes: Buffer, from: number, seen: Set<'lf' | 'crlf' | 'cr'>): void {
  if (!bytes.includes(carriageReturn, from)) {
    if (bytes.includes(lineFeed, from)) seen.add('lf');
    return;
  }
  for (let at = bytes.indexOf(carriageReturn, from); at >= 0 && at < bytes.length - 1;) {
    seen.add(bytes[at + 1] === lineFeed ? 'crlf' : 'cr');
    at = bytes.indexOf(carriageReturn, at + 1);
  }
  for (let at = bytes.indexOf(lineFeed, from); at >= 0 && !seen.has('lf');) {
    if (at === from || bytes[at - 1] !== carriageReturn) seen.add('lf');
    at = bytes.indexOf(lineFeed, at + 1);
  }
}
