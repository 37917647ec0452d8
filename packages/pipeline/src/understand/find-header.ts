import { parse } from 'csv-parse/sync';
import { foldName } from './known-spelling.ts';

const delimiters = [',', ';', '\t', '|'];
/** Records in which a header is looked for. */
const lookedAt = 50;
/** A few records of another form say nothing against a delimiter. */
const aboutAsAlike = 0.8;

/** Where the names of a text's columns stand. */
export interface FoundHeader {
  readonly delimiter: string;
  readonly names: readonly string[];
  /** Lines before it that are neither empty nor part of the table: a title, a date, filters. */
  readonly preamble: number;
  /** All lines before it. */
  readonly skippedLines: number;
}

interface HeadRecord {
  readonly cells: readonly string[];
  /** Lines up to and including it. */
  readonly lines: number;
}

/**
 * Finds the header of a text: its first record, cut by the delimiter that fits the names and the other records best; or, where that record does not
 * look like the header of what follows, a later one that does. What reports print above their table has few cells.
 *
 * @param text begins with its first line that is not empty
 * @param names of columns; where they are given, only a record with two of them (or the only one) is a later header
 * @param given the delimiter, where the file names it
 * @throws Error of csv-parse for text that is no CSV
 */
export function findHeader(text: string, names: readonly string[], given?: string): FoundHeader {
  const known = [...new Set(names)];
  const delimiter = given ?? likeliestDelimiter(text, known);
  const [first] = recordsOf(text, delimiter, 1);
  const plain = { delimiter, names: first?.cells ?? [], preamble: 0, skippedLines: 0 };
  if (knownIn(plain.names, known) > 0) return plain;
  let best: FoundHeader | undefined;
  for (const candidate of given === undefined ? delimiters : [given]) {
    const found = findLater(text, candidate, known);
    if (found !== undefined && found.names.length > (best?.names.length ?? 1)) best = found;
  }
  return best ?? plain;
}

/** undefined: the first record is the header, or none is. */
function findLater(text: string, delimiter: string, known: readonly string[]): FoundHeader | undefined {
  const enough = Math.min(2, known.length);
  let records: HeadRecord[];
  try {
    records = recordsOf(text, delimiter, lookedAt);
  } catch {
    return undefined; // The reader of the whole file says what is wrong with it.
  }
  const width = commonWidth(records);
  const place = records.findIndex(
    ({ cells }) => isHeader(cells, width) && (known.length === 0 || knownIn(cells, known) >= enough),
  );
  const header = records[place];
  const before = records.slice(0, place);
  if (header === undefined || place < 1) return undefined;
  // Without names to know it by, only what has few cells is above a table.
  const isAbove = ({ cells }: HeadRecord): boolean => known.length > 0 || given(cells).length <= width / 2;
  // A record of several lines would be counted wrongly.
  const isOneLineEach = before.every(({ lines }, index) => lines === index + 1);
  if (!before.every(isAbove) || !isOneLineEach) return undefined;
  const preamble = before.filter(({ cells }) => given(cells).length > 0).length;
  return { delimiter, names: header.cells, preamble, skippedLines: place };
}

const given = (cells: readonly string[]): string[] => cells.filter((cell) => cell !== '');

/** The number of cells that most records have; 0 when fewer than half of them agree. */
function commonWidth(records: readonly HeadRecord[]): number {
  const times = new Map<number, number>();
  const filled = records.filter(({ cells }) => given(cells).length > 0);
  for (const { cells } of filled) times.set(cells.length, (times.get(cells.length) ?? 0) + 1);
  const [[width, most] = [0, 0]] = [...times].sort((a, b) => b[1] - a[1]);
  return width > 1 && most * 2 >= filled.length ? width : 0;
}

/** A name in every cell, each another one, and none of them a value. */
function isHeader(cells: readonly string[], width: number): boolean {
  if (width === 0 || cells.length !== width) return false;
  return new Set(cells).size === width && cells.every((cell) => /\p{L}/u.test(cell));
}

/** How many of the known names are among the names. */
export function knownIn(names: readonly string[], known: readonly string[]): number {
  const folded = new Set(names.map(foldName));
  return known.filter((name) => folded.has(foldName(name))).length;
}

/** The cells of a text's first record. */
export function namesOfFirstRecord(text: string, delimiter: string): readonly string[] {
  return recordsOf(text, delimiter, 1)[0]?.cells ?? [];
}

function recordsOf(text: string, delimiter: string, most: number): HeadRecord[] {
  const options = { delimiter, to: most, relax_column_count: true, info: true } as const;
  const records = parse(text, options) as unknown as { record: string[]; info: { lines: number } }[];
  return records.map(({ record, info }) => ({
    cells: record.map((cell) => cell.trim()),
    lines: info.lines,
  }));
}

/**
 * The delimiter that cuts the first line into the most cells, of those by which it holds the most known names, and by which about
 * as many of the first records as by any have as many cells as it.
 */
function likeliestDelimiter(text: string, known: readonly string[]): string {
  const cutting = delimiters
    .map((delimiter) => ({ delimiter, cells: countOutsideQuotes(text, delimiter) }))
    .filter(({ cells }) => cells > 0);
  if (cutting.length < 2) return cutting[0]?.delimiter ?? ',';
  const rated = cutting.map((each) => ({ ...each, ...rateDelimiter(text, each.delimiter, known) }));
  const names = Math.max(...rated.map((each) => each.names));
  const named = rated.filter((each) => each.names === names);
  const alike = Math.max(...named.map((each) => each.alike)) * aboutAsAlike;
  return named.filter((each) => each.alike >= alike).reduce((a, b) => (b.cells > a.cells ? b : a)).delimiter;
}

/** How many known names the first record has, cut so, and the share of the first records that have as many cells. */
function rateDelimiter(
  text: string,
  delimiter: string,
  known: readonly string[],
): { names: number; alike: number } {
  try {
    const records = recordsOf(text, delimiter, lookedAt).filter(({ cells }) => given(cells).length > 0);
    const [first] = records;
    const width = first?.cells.length;
    const alike = records.filter(({ cells }) => cells.length === width).length / records.length;
    return { names: knownIn(first?.cells ?? [], known), alike };
  } catch {
    return { names: 0, alike: 0 }; // Cut so it is no CSV.
  }
}

/** How often a character stands outside quotes in the first line. */
function countOutsideQuotes(text: string, wanted: string): number {
  let count = 0;
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '\n' || character === '\r')) break;
    else if (!quoted && character === wanted) count++;
  }
  return count;
}
