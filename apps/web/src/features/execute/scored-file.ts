import { delimiterOf, formatCsv, parseCsv } from './csv.ts';

export interface ScoredFile {
  readonly filename: string;
  readonly delimiter: string;
  readonly header: readonly string[];
  /** Highest score first; rows without a score last; equal ones in the order of the file. */
  readonly sorted: ReadonlyArray<readonly string[]>;
  /** Positions of the three columns that scoring appended. */
  readonly score: number;
  readonly label: number;
  readonly model: number;
}

const appended = 3;

const knownEndings = /(?<=.)\.(csv|tsv|txt|xlsx|parquet|jsonl|ndjson|zip|csv\.gz|tsv\.gz|gz)$/i;

/** A score as it was written, with a point or a decimal comma; NaN when it is none. */
export const scoreOf = (cell: string | undefined): number =>
  cell === undefined || cell.trim() === '' ? NaN : Number(cell.replace(',', '.'));

/** Reads what `predictions.csv` answered: the rows that were sent with score, label and model appended. */
export function readScoredFile(filename: string, text: string): ScoredFile {
  const delimiter = delimiterOf(text);
  const [header = [], ...rows] = parseCsv(text, delimiter);
  const score = header.length - appended;
  const rank = (row: readonly string[]) => {
    const value = scoreOf(row[score]);
    return Number.isNaN(value) ? -Infinity : value;
  };
  const sorted = rows
    .map((row) => ({ row, value: rank(row) }))
    .sort((a, b) => (a.value === b.value ? 0 : b.value - a.value))
    .map(({ row }) => row);
  return { filename, delimiter, header, sorted, score, label: score + 1, model: score + 2 };
}

export const sortedCsv = (file: ScoredFile): string =>
  formatCsv([file.header, ...file.sorted], file.delimiter);

/** "april.csv", and "april.xlsx", become "april-scored.csv". */
export function nameWith(filename: string, part: string): string {
  return `${filename.replace(knownEndings, '')}-${part}.csv`;
}
