import { parse } from 'csv-parse/sync';

/** A CSV file's records by column name, every cell a text. */
export function readCsv(text: string): Record<string, string>[] {
  return parse(text, { columns: true, bom: true });
}
