import { createWriteStream } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { workingDays } from './calendar.ts';
import { csvLine } from './csv-line.ts';
import { generateMonth, type FactoryOptions } from './generate-vehicles.ts';
import { DATA_LABEL, vehicleColumns } from './vehicle-columns.ts';

const ROWS_A_CHUNK = 500;

/** `vehicles-simulated-2026-01.csv` for the first month, and so on. */
export function monthFileName(month: number, { start = '2026-01-01' }: FactoryOptions = {}): string {
  return `vehicles-${DATA_LABEL}-${workingDays(start, month)[0]!.date.slice(0, 7)}.csv`;
}

/**
 * Writes one month (from 1) as CSV: RFC 4180, UTF-8, commas, a header, CRLF; a missing value is an empty field.
 * A stream is ended when all is written; a file is replaced.
 */
export async function writeMonthCsv(
  target: Writable | string,
  month: number,
  options: FactoryOptions = {},
): Promise<void> {
  const stream = typeof target === 'string' ? createWriteStream(target) : target;
  await pipeline(Readable.from(monthCsvChunks(month, options)), stream);
}

/** The text of {@link writeMonthCsv}, in pieces of some hundred rows. */
export function* monthCsvChunks(
  month: number,
  options: FactoryOptions = {},
): Generator<string, void, undefined> {
  let chunk = csvLine(vehicleColumns.map(({ name }) => name));
  let rows = 0;
  for (const vehicle of generateMonth(month, options)) {
    chunk += csvLine(vehicleColumns.map(({ name }) => vehicle[name]));
    if (++rows % ROWS_A_CHUNK !== 0) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}
