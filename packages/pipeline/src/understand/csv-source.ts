import { statSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { StoredProblem } from '@kaefer/contracts/messages';
import { allRows, oneRow, toCount } from '../sql/connection.ts';
import { quoteText } from '../sql/quote.ts';
import { plainAgainSql } from '../lake/safe-cell.ts';
import type { Header } from './header.ts';
import { maxLineBytes } from './line-length.ts';
import { isOwnFile } from './own-columns.ts';
import { isHeaderSql, mayRepeatHeader } from './repeated-header.ts';
import { unreadable } from './unreadable.ts';

/** Longest record that is read, in bytes, its line breaks within quotes included. */
const maxRecordBytes = maxLineBytes;

/** A record is no longer than its file; what is set aside for one is less then. */
const fewestRecordBytes = 1 << 16;

const previewRows = 20;

/** So much of a structurally bad record is kept. */
const describedCharacters = 2000;

/** A record that does not have the form of the others, so that no cell of it is known. */
export interface StructuralReject {
  readonly line: number;
  readonly reason: string;
  readonly text: string;
}

/** A CSV file as DuckDB reads it: cells are text, in columns `c0`, `c1`, …; records that repeat the header are none. */
export class CsvSource {
  readonly relation: string;
  readonly width: number;
  readonly delimiter: string;
  /** Columns, from 0, of numbers that nobody wrote as a text: how they are written is in no question. */
  readonly numbers: ReadonlySet<number>;
  /** SQL of the places, from 0, of records that are the header once more; where there may be some. */
  readonly #again: string | undefined;

  /**
   * @param guarded columns, from 0, whose cells are as they were before they were made safe for spreadsheet programs. Default: all
   *   of a file with columns that only Käfer writes, else none
   */
  constructor(path: string, header: Header, numbers: readonly number[] = [], guarded?: readonly number[]) {
    const { names, skippedLines, dialect } = header;
    this.numbers = new Set(numbers);
    this.width = names.length;
    this.delimiter = dialect.delimiter;
    const columns = Array.from({ length: this.width }, (_, index) => `'c${index}': 'VARCHAR'`).join(', ');
    const recordBytes = Math.min(maxRecordBytes, Math.max(statSync(path).size, fewestRecordBytes));
    // What one thread reads at a time; unless told DuckDB takes 32 records of the longest kind, and one thread.
    const bufferBytes = 2 * recordBytes;
    const file =
      `read_csv(${quoteText(path)}, auto_detect = false, header = true, delim = ${quoteText(dialect.delimiter)}, quote = '"', escape = '"', ` +
      `columns = {${columns}}, nullstr = '', strict_mode = true, null_padding = false, store_rejects = true, ` +
      `rejects_limit = 0, max_line_size = ${recordBytes}, buffer_size = ${bufferBytes}, skip = ${skippedLines})`;
    const cells = names.map((_, index) => this.cell(index));
    const isHeader = isHeaderSql(cells, names);
    const mayRepeat = mayRepeatHeader(path, header);
    this.#again = mayRepeat
      ? `(SELECT place FROM (SELECT row_number() OVER () - 1 AS place, * FROM ${file}) WHERE ${isHeader})`
      : undefined;
    const records = mayRepeat ? `(SELECT * FROM ${file} WHERE NOT ${isHeader})` : file;
    const isGuarded = (index: number): boolean => guarded?.includes(index) ?? isOwnFile(names);
    const plain = cells
      .filter((_, index) => isGuarded(index))
      .map((cell) => `${plainAgainSql(cell)} AS ${cell}`);
    this.relation = plain.length === 0 ? records : `(SELECT * REPLACE (${plain.join(', ')}) FROM ${records})`;
  }

  /** The places, from 0, of records that are the header once more, among all records. */
  async repeatedHeaders(connection: DuckDBConnection): Promise<number[]> {
    if (this.#again === undefined) return [];
    const rows = await allRows(connection, `SELECT place FROM ${this.#again} ORDER BY place`);
    return rows.map(({ place }) => toCount(place));
  }

  cell(index: number): string {
    return `c${index}`;
  }

  /** The first rows of some columns as text; empty where there is no value. */
  async preview(
    connection: DuckDBConnection,
    columns: readonly { readonly index: number }[],
  ): Promise<string[][]> {
    const cells = columns.map(({ index }) => this.cell(index)).join(', ');
    const first = await connection.runAndReadAll(
      `SELECT ${cells} FROM ${this.relation} LIMIT ${previewRows}`,
    );
    return first.getRows().map((row) => row.map((cell) => (typeof cell === 'string' ? cell : '')));
  }
}

/** What a read found that makes the whole file unusable. @throws the error itself when it is not of the file */
export function problemOfRead(error: unknown): StoredProblem {
  if (!(error instanceof Error)) throw error;
  if (/CSV Error|Invalid Input Error/.test(error.message)) return unreadable(error);
  // DuckDB's reader loses its way in some records with damaged quotes over several lines, and says so by where it was.
  if (/INTERNAL Error[^]*(CSV|StringValue)/.test(error.message))
    return unreadable('its quotation marks do not fit together');
  throw error;
}

/** What the reads of this connection rejected so far, each record once, in line order. */
export async function structuralRejects(connection: DuckDBConnection): Promise<StructuralReject[]> {
  const known = await oneRow(
    connection,
    `SELECT count(*) AS n FROM duckdb_tables() WHERE table_name = 'reject_errors' AND temporary`,
  );
  if (toCount(known['n']) === 0) return [];
  const rows = await allRows(
    connection,
    `SELECT line, any_value(error_type)::VARCHAR AS kind, any_value(left(csv_line, ${describedCharacters})) AS csv FROM reject_errors GROUP BY line ORDER BY line`,
  );
  return rows.map((row) => ({
    line: toCount(row['line']),
    reason: describeKind(String(row['kind'])),
    text: String(row['csv'] ?? '').trim(),
  }));
}

function describeKind(kind: string): string {
  return kind.toLowerCase().replaceAll('_', ' ');
}
