import type { StoredProblem } from '@kaefer/contracts/messages';
import { quoteText } from '../sql/quote.ts';
import { overlappingBlocksOf } from '../lake/file-blocks.ts';
import type { Header } from './header.ts';

/**
 * Whether the header's line stands in the file again, as in reports that were put together or printed page by page. A look at
 * the bytes: nearly no file has it, and asking each record would take longer.
 */
export function mayRepeatHeader(path: string, { names, line }: Pick<Header, 'names' | 'line'>): boolean {
  if (names.length < 2 || line === '') return false;
  const wanted = Buffer.from(line);
  let seen = 0;
  for (const { bytes } of overlappingBlocksOf(path, wanted.length - 1)) {
    for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + wanted.length))
      if (++seen > 1) return true;
  }
  return false;
}

/** What is said of so many lines that are the header once more; undefined: of none. */
export function saidOfHeaders(lines: number, first: number): StoredProblem | undefined {
  if (lines === 0) return undefined;
  return { code: 'header_repeated', parameters: { lines, line: first }, line: first, count: lines };
}

/** SQL that tells a record that is the header once more. @param cells SQL of its cells, in order */
export function isHeaderSql(cells: readonly string[], names: readonly string[]): string {
  return `coalesce(${cells.map((cell, index) => `trim(${cell}) = ${quoteText(names[index] ?? '')}`).join(' AND ')}, false)`;
}

/** Whether a record is the header once more. */
export function isHeaderAgain(cells: readonly string[], names: readonly string[]): boolean {
  return names.length > 1 && names.every((name, index) => cells[index]?.trim() === name);
}
