import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import { KaeferError } from '@kaefer/contracts/messages';
import { findTextProblem } from '../check/text-check.ts';
import { readHeader } from '../check/header.ts';
import { formatCell } from '../lake/format-cell.ts';
import type { ServedModel } from './served-model.ts';

const appended = ['score', 'label', 'model'];

/**
 * Reads a CSV file and writes the same rows, in order, with `score`, `label` and `model` appended. Memory does not
 * grow with the file.
 *
 * @returns number of rows
 * @throws KaeferError `csv_not_readable`, `column_never_seen`, `value_not_understood`
 */
export async function predictFile(model: ServedModel, input: string, output: string): Promise<number> {
  const problem = findTextProblem(input);
  if (problem !== undefined)
    throw new KaeferError('csv_not_readable', {
      reason: problem.code === 'empty_file' ? 'it is empty' : 'it is not UTF-8 text',
    });
  const header = readHeader(input);
  if ('problem' in header)
    throw new KaeferError('csv_not_readable', { reason: String(header.problem.parameters['reason']) });
  const { delimiter } = header.dialect;
  const parser = parse({ delimiter, bom: true, skip_empty_lines: true, max_record_size: 4 << 20 });
  let names: string[] | undefined;
  let given = new Set<string>();
  let rows = 0;
  const score = async function* (records: AsyncIterable<string[]>): AsyncGenerator<string> {
    for await (const cells of records) {
      if (names === undefined) {
        names = cells.map((name) => name.trim());
        given = new Set(names);
        requireColumns(model, given);
        yield `${[...cells, ...appended].map((cell) => format(cell, delimiter)).join(delimiter)}\n`;
        continue;
      }
      rows++;
      const record = Object.fromEntries(names.map((name, index) => [name, cells[index] ?? null]));
      const { score, label } = model.predictOne(record, given, rows, false);
      yield `${[...cells, String(score), String(label), String(model.card.version)].map((cell) => format(cell, delimiter)).join(delimiter)}\n`;
    }
  };
  try {
    await pipeline(createReadStream(input), parser, score, createWriteStream(output));
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_')) {
      throw new KaeferError('csv_not_readable', { reason: error.message }, { cause: error });
    }
    throw error;
  }
  return rows;
}

function requireColumns(model: ServedModel, given: ReadonlySet<string>): void {
  const missing = model.card.features.find(({ name }) => !given.has(name));
  if (missing !== undefined) throw new KaeferError('column_never_seen', { column: missing.name });
}

function format(cell: string, delimiter: string): string {
  return delimiter !== ',' && cell.includes(delimiter) && !/[",\n\r]/.test(cell)
    ? `"${cell}"`
    : formatCell(cell);
}
