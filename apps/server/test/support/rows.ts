/** A row as the tests know it: the in-memory model of what the lake must hold. */
export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** Repeatable numbers from 0 to 1 (mulberry32). */
export function randomStream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface RowOptions {
  readonly count: number;
  /** Number of the first key. */
  readonly first?: number;
  readonly seed?: number;
  /** Moves the outcomes: a process change. */
  readonly shift?: number;
  /** Numeric columns beside the fixed ones. */
  readonly extraColumns?: number;
}

const shops = ['north', 'south', 'east, inner', 'Größe "XL"'];
const grades = ['low', 'middle', 'high'];

/**
 * Rows of a small world, keyed by `id`, with numbers, a date, a boolean, texts and missing cells. It has an outcome
 * for every task: `failed` (yes, no), `grade` (low, middle, high) and `minutes`.
 */
export function simulateRows({ count, first = 1, seed = 1, shift = 0, extraColumns = 0 }: RowOptions): Row[] {
  const random = randomStream(seed);
  return Array.from({ length: count }, (_, index) => {
    const torque = Math.round(random() * 1000) / 100;
    const station = Math.floor(random() * 40);
    const shop = shops[Math.floor(random() * shops.length)] ?? '';
    const reworked = random() < 0.4;
    const risk = torque - 5 + (shop === 'north' ? 2 : 0) + (reworked ? 1 : 0) + shift;
    const noise = random() - 0.5;
    const day = String(1 + Math.floor(random() * 28)).padStart(2, '0');
    const extras = Object.fromEntries(
      Array.from({ length: extraColumns }, (_unused, column) => [
        `sensor_${column}`,
        Math.round(random() * 1e6) / 1e3,
      ]),
    );
    return {
      id: `K${String(first + index).padStart(7, '0')}`,
      torque: random() < 0.05 ? null : torque,
      station,
      shop: random() < 0.05 ? null : shop,
      reworked,
      built: random() < 0.02 ? null : `2026-0${1 + Math.floor(random() * 6)}-${day}`,
      ...extras,
      failed: random() < 1 / (1 + Math.exp(-risk)) ? 'yes' : 'no',
      grade: grades[Math.min(2, Math.max(0, Math.floor((risk + noise * 4) / 3) + 1))] ?? 'low',
      minutes: Math.round((20 + risk * 3 + noise * 2) * 1000) / 1000,
    };
  });
}

/** The rows with these columns only. */
export function pickColumns(rows: readonly Row[], names: readonly string[]): Row[] {
  return rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name] ?? null])));
}

/** The rows without these columns. */
export function dropColumns(rows: readonly Row[], names: readonly string[]): Row[] {
  return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name))));
}

/** What each task's project looks at. */
export const withoutOtherTargets = {
  binary: ['grade', 'minutes'],
  multiclass: ['failed', 'minutes'],
  regression: ['failed', 'grade'],
} as const;

function formatCell(cell: string): string {
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** A file of rows: the columns of the first. */
export function csvOf(rows: readonly Row[]): string {
  const names = Object.keys(rows[0] ?? {});
  const line = (cells: readonly string[]): string => `${cells.map((cell) => formatCell(cell)).join(',')}\n`;
  return line(names) + rows.map((row) => line(names.map((name) => String(row[name] ?? '')))).join('');
}
