import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Reading } from '@kaefer/contracts';
import { KaeferError, type StoredProblem } from '@kaefer/contracts/messages';
import { plainCell } from '../features/cell-formats.ts';
import { parseCell } from '../features/parse-cell.ts';
import { formatCell } from '../lake/format-cell.ts';
import { openSink } from '../lake/open-sink.ts';
import { safeCell } from '../lake/safe-cell.ts';
import { PredictionLines, type RememberedPredictions } from './prediction-lines.ts';
import { CsvSource } from '../understand/csv-source.ts';
import type { FileLimits } from '../understand/free-space.ts';
import type { WrittenType } from '../understand/format-counts.ts';
import { readHeader, type Header } from '../understand/header.ts';
import { inferFormats, type OpenColumn, type ToldFormats } from '../understand/infer-formats.ts';
import { knownSpelling, type Synonyms } from '../understand/known-spelling.ts';
import { isHeaderAgain, saidOfHeaders } from '../understand/repeated-header.ts';
import { withOffsets } from '../understand/mixed-offsets.ts';
import { ProblemTally } from '../understand/problem-tally.ts';
import { openReadable } from '../understand/readable-text.ts';
import type { EarlierFormats } from '../features/earlier-formats.ts';
import type { ServedModel } from './served-model.ts';

const appended = ['score', 'label', 'model'];

export interface FilePredictionOptions {
  /** What a person said of how the project's files are written. */
  readonly reading?: Reading | undefined;
  /** What merged files have proven of how they are written. */
  readonly earlier?: EarlierFormats | undefined;
  /** Other names that files have for columns. */
  readonly synonyms?: Synonyms | undefined;
  /** Where predictions of records with a key are written, too, for their outcomes. */
  readonly remember?: RememberedPredictions | undefined;
}

export interface FilePredictions {
  readonly rows: number;
  /** What should be said of how the file was read. */
  readonly notes: readonly StoredProblem[];
}

/** Findings on a column of which no reading may be preferred. */
const unclear: Partial<Record<StoredProblem['code'], 'values_ambiguous' | 'dates_mixed'>> = {
  ambiguous_date: 'values_ambiguous',
  ambiguous_comma: 'values_ambiguous',
  mixed_dates: 'dates_mixed',
};

/**
 * Reads a file, in any of the forms that a file to learn from may have, and writes the same rows as UTF-8, in order,
 * with `score`, `label` and `model` appended, numbers with a decimal comma where the file has one. Memory does not grow with
 * the file.
 *
 * @param decoded where a copy of a file in another encoding may be written
 * @throws KaeferError `csv_not_readable`, also for a feature's column given twice, `column_never_seen`, `value_not_understood`,
 *   `values_ambiguous` or `dates_mixed` for a column of which nothing tells how it is written, `disk_full`
 */
export async function predictFile(
  connection: DuckDBConnection,
  model: ServedModel,
  input: string,
  decoded: string,
  output: string,
  limits: FileLimits,
  { reading = {}, earlier, synonyms = new Map(), remember }: FilePredictionOptions = {},
): Promise<FilePredictions> {
  const features = model.card.features.map(({ name }) => name);
  const wanted = [...features, ...features.flatMap((name) => synonyms.get(name) ?? [])];
  const readable = await openReadable(connection, { file: input, decoded, limits, wanted, reading });
  if ('problem' in readable) throw notReadable(readable.problem);
  try {
    const header = readHeader(readable, wanted, reading);
    if ('problem' in header) throw notReadable(header.problem);
    const known = remember === undefined ? features : [...features, remember.key];
    const names = knownSpelling(header.names, known, synonyms);
    requireColumns(model, new Set(names));
    requireOnce(names, model);
    const source = new CsvSource(readable.path, header, readable.unpacked?.numbers);
    const { formats, problems } = await formatsIn(connection, source, names, model, { reading, earlier });
    const lines = remember && new PredictionLines(remember, names, model.card.version);
    const scored = await scoreRows(model, readable.path, header, names, formats, output, lines);
    await lines?.end();
    const unpacking = readable.unpacked?.notes ?? [];
    return { rows: scored.rows, notes: [...unpacking, ...header.notes, ...problems, ...scored.notes] };
  } finally {
    readable.close();
  }
}

function notReadable(problem: StoredProblem): KaeferError {
  const { reason, limit, cell } = problem.parameters;
  const told: Partial<Record<StoredProblem['code'], string>> = {
    empty_file: 'it is empty',
    archive_not_one_file: 'the archive does not hold one file',
    old_workbook: 'it is an Excel workbook in the old .xls format or with a password',
    stray_cell: `the sheet has the cell ${cell} far from its table`,
    unpacked_too_large: `it unpacks to more than ${limit} MiB`,
  };
  return new KaeferError('csv_not_readable', {
    reason: told[problem.code] ?? String(reason ?? 'it is not text'),
  });
}

/**
 * For each column that is not written plainly the type and format that its cells are read with, and what should be said of it.
 *
 * @throws KaeferError `values_ambiguous`, `dates_mixed`
 */
async function formatsIn(
  connection: DuckDBConnection,
  source: CsvSource,
  names: readonly string[],
  model: ServedModel,
  told: ToldFormats,
): Promise<{ formats: ReadonlyMap<number, WrittenType>; problems: readonly StoredProblem[] }> {
  const asked = names.flatMap((name, index): OpenColumn[] => {
    const type = model.card.features.find((feature) => feature.name === name)?.type;
    if (type === undefined || type === 'text' || type === 'boolean') return [];
    return [{ index, name, type: type === 'integer' ? 'number' : type, isTypeSettled: true }];
  });
  const { written, problems } = await inferFormats(connection, source, asked, told);
  for (const { code, parameters } of problems) {
    const refusal = unclear[code];
    if (refusal !== undefined) throw new KaeferError(refusal, parameters);
  }
  const times = asked.map(({ index, name, type }) => ({
    index,
    name,
    type,
    format: 'plain' as const,
    ...written.get(index),
  }));
  const timed = await withOffsets(connection, source, times, told.earlier);
  return {
    formats: new Map([...written].filter(([, { format }]) => format !== 'plain')),
    problems: [...problems, ...timed.problems],
  };
}

interface ParsedRecord {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

async function scoreRows(
  model: ServedModel,
  input: string,
  { dialect: { delimiter }, skippedLines, names: headerNames }: Header,
  names: readonly string[],
  formats: ReadonlyMap<number, WrittenType>,
  output: string,
  lines: PredictionLines | undefined,
): Promise<FilePredictions> {
  const options = { delimiter, bom: true, skip_empty_lines: true, max_record_size: 4 << 20, info: true };
  const parser = parse({ ...options, from_line: skippedLines + 1 });
  const given = new Set(names);
  // As the file writes its own numbers, so that the program that opens it reads them.
  const hasCommas = [...formats.values()].some(({ format }) => format === 'decimal_comma');
  const written = (value: number | string): string =>
    typeof value === 'number' && hasCommas ? String(value).replace('.', ',') : String(value);
  let isHeader = true;
  let rows = 0;
  const neverSeen = new ProblemTally();
  let headers = 0;
  let firstHeader = 0;
  const score = async function* (records: AsyncIterable<ParsedRecord>): AsyncGenerator<string> {
    for await (const { record: cells, info } of records) {
      if (isHeader) {
        isHeader = false;
        yield `${[...cells, ...appended].map((cell) => formatCell(safeCell(cell), delimiter)).join(delimiter)}\n`;
        continue;
      }
      if (isHeaderAgain(cells, headerNames)) {
        if (headers++ === 0) firstHeader = info.lines;
        continue;
      }
      rows++;
      const record = Object.fromEntries(
        names.map((name, index) => [
          name,
          plainly(cells[index] ?? null, name, formats.get(index), info.lines),
        ]),
      );
      const { score, label, unseen = [] } = model.predictOne(record, given, info.lines, false);
      for (const column of unseen)
        neverSeen.add({ ...neverSeenText(column, String(record[column])), line: info.lines });
      await lines?.add(cells, score, label);
      yield `${[...cells, written(score), written(label), String(model.card.version)].map((cell) => formatCell(safeCell(cell), delimiter)).join(delimiter)}\n`;
    }
  };
  try {
    await pipeline(createReadStream(input), parser, score, openSink(output));
  } catch (error) {
    if (error instanceof CsvError) {
      throw new KaeferError('csv_not_readable', { reason: error.message }, { cause: error });
    }
    throw error;
  }
  const repeated = saidOfHeaders(headers, firstHeader);
  return { rows, notes: [...(repeated === undefined ? [] : [repeated]), ...neverSeen.problems] };
}

/** A text that the model never saw, which counts as missing. */
function neverSeenText(column: string, text: string): StoredProblem {
  const value = text.slice(0, 100);
  return { code: 'never_seen', parameters: { column, value }, column, value, count: 1 };
}

/** @throws KaeferError `value_not_understood` for a cell that is not written as its column is */
function plainly(
  cell: string | null,
  column: string,
  written: WrittenType | undefined,
  row: number,
): string | null {
  if (cell === null || written === undefined) return cell;
  const { type, format } = written;
  const plain = plainCell(type, format, cell);
  if (plain !== undefined) return plain;
  if (parseCell(type, cell) === null) return null;
  throw new KaeferError('value_not_understood', { row, column, value: cell.slice(0, 100), type });
}

/** Of two columns of one name nobody could say which is meant. */
function requireOnce(names: readonly string[], model: ServedModel): void {
  const asked = new Set(model.card.features.map(({ name }) => name.toLowerCase()));
  const seen = new Set<string>();
  for (const name of names.map((each) => each.toLowerCase())) {
    if (asked.has(name) && seen.has(name))
      throw new KaeferError('csv_not_readable', { reason: `it has the column “${name}” more than once` });
    seen.add(name);
  }
}

function requireColumns(model: ServedModel, given: ReadonlySet<string>): void {
  const missing = model.card.features.find(({ name }) => !given.has(name));
  if (missing !== undefined) throw new KaeferError('column_never_seen', { column: missing.name });
}
