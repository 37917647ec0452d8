import { expect } from 'vitest';
import { readCsv } from './read-csv.ts';
import type { Row } from './rows.ts';

/** What a project's table must hold, kept in memory by the plainest means: the last row of each key. */
export class MirroredTable {
  readonly #key: string;
  readonly #rows = new Map<string, Row>();

  constructor(key: string) {
    this.#key = key;
  }

  merge(rows: readonly Row[]): void {
    for (const row of rows) this.#rows.set(String(row[this.#key]), row);
  }

  copy(): MirroredTable {
    const copy = new MirroredTable(this.#key);
    for (const [key, row] of this.#rows) copy.#rows.set(key, row);
    return copy;
  }

  /** In the order of `dataset.csv`. */
  rows(): Row[] {
    return [...this.#rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  }

  get size(): number {
    return this.#rows.size;
  }
}

/** Holds a downloaded table equal to the mirror: the same rows, each once, in order, cell by cell. */
export function expectDataset(csv: string, table: MirroredTable): void {
  const seen = readCsv(csv);
  const wanted = table.rows();
  expect(seen.length).toBe(wanted.length);
  const differing = wanted.findIndex((row, index) => !isSame(row, seen[index] ?? {}));
  if (differing >= 0) expect(seen[differing]).toEqual(wanted[differing]);
}

function isSame(row: Row, cells: Readonly<Record<string, string>>): boolean {
  return Object.entries(row).every(([name, value]) => {
    const cell = cells[name] ?? '';
    return typeof value === 'number' ? cell !== '' && Number(cell) === value : cell === String(value ?? '');
  });
}
