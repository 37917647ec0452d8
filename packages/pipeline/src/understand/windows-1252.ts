import { closeSync, openSync, readSync } from 'node:fs';
import { blocksOf } from '../lake/file-blocks.ts';

/** Bytes that Windows-1252 gives no character. */
const unassigned = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
/** Control characters that texts hold. */
const textControls = new Set([0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1a]);
/** More whole UTF-8 characters than one in so many other high bytes, and the file is UTF-8 with some damage. */
const chanceOfUtf8 = 10;

/** The first bytes of a file, at most `count`. */
export function bytesOf(path: string, count: number): Uint8Array {
  const bytes = Buffer.alloc(count);
  const descriptor = openSync(path, 'r');
  try {
    return bytes.subarray(0, readSync(descriptor, bytes, 0, count, 0));
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Whether a file that is not UTF-8 can be Windows-1252: no byte without a character, and its high bytes do not form UTF-8
 * characters, of which damaged UTF-8 would still be full. A character that the file's end cuts off is damage, too.
 */
export function looksLikeWindows1252(path: string): boolean {
  let wholeCharacters = 0;
  let others = 0;
  let expected = 0; // bytes that the character under way still needs
  let pending = 0; // its bytes so far
  for (const bytes of blocksOf(path)) {
    for (const byte of bytes) {
      if (byte < 0x80) {
        if (byte < 0x20 && !textControls.has(byte)) return false;
        others += pending;
        [expected, pending] = [0, 0];
        continue;
      }
      if (unassigned.has(byte) && expected === 0) return false;
      const continues = (byte & 0xc0) === 0x80;
      if (expected > 0 && continues) {
        pending++;
        if (--expected === 0) {
          wholeCharacters++;
          pending = 0;
        }
        continue;
      }
      others += pending;
      expected = continues ? 0 : byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc2 ? 1 : 0;
      pending = expected > 0 ? 1 : 0;
      if (expected === 0) others++;
    }
  }
  if (pending > 1) return false;
  return others + pending > wholeCharacters * chanceOfUtf8;
}
