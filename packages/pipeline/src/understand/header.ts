import type { Dialect, Reading, ReadingPart } from '@kaefer/contracts';
import type { StoredProblem } from '@kaefer/contracts/messages';
import { firstBytesOf } from '../lake/file-blocks.ts';
import { findHeader, knownIn, namesOfFirstRecord, type FoundHeader } from './find-header.ts';
import type { ReadableText } from './readable-text.ts';
import { unreadable } from './unreadable.ts';

const headBytes = 1 << 20;

export interface Header {
  readonly names: readonly string[];
  /** Its first line as it stands in the file. */
  readonly line: string;
  /** Lines before it: empty ones, one that only names the delimiter, and what stands above the table. */
  readonly skippedLines: number;
  /** What should be said of it. */
  readonly notes: readonly StoredProblem[];
  readonly dialect: Dialect;
}

const delimiterLine = /^"?sep=([,;\t|])"?(\r\n|\n|\r)/i;

/**
 * Reads the header of a UTF-8 file: its names and the delimiter, which a first line names (`sep=;`, as Excel writes it) or
 * which cuts the header into the most cells.
 *
 * @param known names of columns that the file may have
 * @param reading what a person said: it is followed unless another reading finds more of the known names
 */
export function readHeader(
  { path, encoding, escape, unpacked }: Pick<ReadableText, 'path' | 'encoding' | 'escape' | 'unpacked'>,
  known: readonly string[],
  reading: Reading = {},
): Header | { readonly problem: StoredProblem } {
  const head = readHead(path).replace(/^\uFEFF/, '');
  const [named = '', given] = delimiterLine.exec(head) ?? [];
  const text = head.slice(named.length).replace(/^[\r\n]+/, '');
  if (text === '') return { problem: { code: 'empty_file', parameters: {}, count: 1 } };
  try {
    const lineEnd = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
    const blankLines = (head.length - named.length - text.length) / lineEnd.length;
    const before = blankLines + (given === undefined ? 0 : 1);
    const alone = findHeader(text, known, given);
    const found = { ...alone, skippedLines: before + alone.skippedLines };
    const told = headerAsTold(head, known, reading, found);
    const { names, delimiter, preamble, skippedLines } = told ?? found;
    const sheet = sheetAsTold(reading, unpacked);
    const isFollowed = told !== undefined || isSame(reading, found);
    return {
      names,
      line: head.split(/\r\n|\n|\r/, skippedLines + 1)[skippedLines] ?? '',
      skippedLines,
      notes: [
        ...(preamble === 0
          ? []
          : [{ code: 'lines_before_header' as const, parameters: { lines: preamble }, line: 1, count: 1 }]),
        ...(isFollowed ? [] : contradictions(reading)),
        ...(sheet === 'missing'
          ? [
              {
                code: 'layout_contradicted' as const,
                parameters: { remembered: reading.sheet ?? '' },
                count: 1,
              },
            ]
          : []),
      ],
      dialect: {
        ...containerOf(unpacked),
        encoding,
        delimiter,
        quote: '"',
        ...(escape === undefined ? {} : { escape }),
        decimal: '.',
        lineEnd: lineEnd === '\r\n' ? 'CRLF' : lineEnd === '\n' ? 'LF' : 'CR',
        ...(skippedLines === 0 ? {} : { headerLine: skippedLines + 1 }),
        ...rememberedIn([
          ...(told === undefined ? [] : partsOfHeader(reading)),
          ...(sheet === 'followed' ? ['sheet' as const] : []),
        ]),
      },
    };
  } catch (error) {
    return { problem: { ...unreadable(error), line: 1 } };
  }
}

const rememberedIn = (remembered: ReadingPart[]): Pick<Dialect, 'remembered'> =>
  remembered.length === 0 ? {} : { remembered };

const partsOfHeader = ({ delimiter, headerLine }: Reading): ReadingPart[] => [
  ...(delimiter === undefined ? [] : ['delimiter' as const]),
  ...(headerLine === undefined ? [] : ['headerLine' as const]),
];

/** What a person said of the header, where it holds for this file and makes a difference. */
function headerAsTold(
  head: string,
  known: readonly string[],
  reading: Reading,
  found: FoundHeader,
): FoundHeader | undefined {
  if (partsOfHeader(reading).length === 0 || isSame(reading, found)) return undefined;
  const { delimiter = found.delimiter, headerLine = found.skippedLines + 1 } = reading;
  const lines = head.split(/\r\n|\n|\r/);
  const rest = lines.slice(headerLine - 1).join('\n');
  if (rest.trim() === '' || lines[headerLine - 1]?.trim() === '') return undefined;
  const names = namesOfFirstRecord(rest, delimiter);
  const isWorse = knownIn(names, known) < knownIn(found.names, known);
  if (names.length < 2 || isWorse) return undefined;
  const preamble = lines.slice(0, headerLine - 1).filter((line) => line.trim() !== '').length;
  return { delimiter, names, preamble, skippedLines: headerLine - 1 };
}

/** Whether the file alone is understood just so. */
const isSame = ({ delimiter, headerLine }: Reading, found: FoundHeader): boolean =>
  (delimiter === undefined || delimiter === found.delimiter) &&
  (headerLine === undefined || headerLine === found.skippedLines + 1);

/** What a person said of the file's layout, and what it has not. */
function contradictions({ delimiter, headerLine }: Reading): StoredProblem[] {
  const parts = [
    ...(delimiter === undefined ? [] : [delimiter === '\t' ? 'tab' : delimiter]),
    ...(headerLine === undefined ? [] : [String(headerLine)]),
  ];
  return parts.map((remembered) => ({ code: 'layout_contradicted', parameters: { remembered }, count: 1 }));
}

function sheetAsTold(
  { sheet }: Reading,
  unpacked: ReadableText['unpacked'],
): 'followed' | 'missing' | 'no matter' {
  if (sheet === undefined || unpacked?.sheets === undefined || unpacked.sheets.length < 2) return 'no matter';
  return unpacked.sheet === sheet ? 'followed' : 'missing';
}

function readHead(path: string): string {
  return new TextDecoder('utf-8').decode(firstBytesOf(path, headBytes), { stream: true });
}

function containerOf(unpacked: ReadableText['unpacked']): Pick<Dialect, 'container' | 'sheet' | 'sheets'> {
  if (unpacked === undefined) return {};
  const { container, sheet, sheets = [] } = unpacked;
  return {
    container,
    ...(sheet === undefined ? {} : { sheet }),
    ...(sheets.length < 2 ? {} : { sheets: [...sheets] }),
  };
}
