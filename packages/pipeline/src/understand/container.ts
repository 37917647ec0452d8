import type { FileContainer } from '@kaefer/contracts';
import { firstBytesOf } from '../lake/file-blocks.ts';

/** What a file is by its first bytes; its name is not asked. */
export type FoundContainer = Exclude<FileContainer, 'workbook'> | 'text' | 'compound';

const signatures: readonly [container: FoundContainer, bytes: readonly number[]][] = [
  ['gzip', [0x1f, 0x8b]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['parquet', [0x50, 0x41, 0x52, 0x31]], // PAR1
  ['compound', [0xd0, 0xcf, 0x11, 0xe0]], // what Excel wrote before 2007, and writes with a password
];

/** A workbook is a `zip` for this function. */
export function findContainer(path: string): FoundContainer {
  const first = firstBytesOf(path, 4);
  const found = signatures.find(([, bytes]) => bytes.every((byte, index) => first[index] === byte));
  if (found !== undefined) return found[0];
  return startsWithRecord(path) ? 'json_lines' : 'text';
}

const headBytes = 1 << 20;

/** Whether the first line is one JSON object. */
function startsWithRecord(path: string): boolean {
  const text = firstBytesOf(path, headBytes).toString('utf8').trimStart();
  if (!text.startsWith('{')) return false;
  try {
    const record: unknown = JSON.parse(text.split('\n', 1)[0] ?? '');
    return typeof record === 'object' && record !== null;
  } catch {
    return false;
  }
}
