/** Row-major features with labels, made from a seed. */
export interface Table {
  rows: number;
  columns: number;
  data: Float32Array;
  labels: Float32Array;
}

export interface TableOptions {
  rows: number;
  columns: number;
  seed: number;
  /** The share of missing values (NaN). Default 0. */
  missing?: number;
  /** Labels are classes 0 … classes - 1, or numbers when 0. Default 2. */
  classes?: number;
  /** Columns from the left that hold category codes 0 … categories - 1. Default 0. */
  categoryColumns?: number;
  categories?: number;
  /** Whether labels are above 0. Default false. */
  positive?: boolean;
}

/** Numbers in [0, 1) from a seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A table whose labels depend on its columns, with noise. */
export function randomTable(options: TableOptions): Table {
  const {
    rows,
    columns,
    seed,
    missing = 0,
    classes = 2,
    categoryColumns = 0,
    categories = 8,
    positive = false,
  } = options;
  const random = randomNumbers(seed);
  const data = new Float32Array(rows * columns);
  const labels = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let score = 0;
    for (let column = 0; column < columns; column++) {
      const isCategory = column < categoryColumns;
      const value = isCategory ? Math.floor(random() * categories) : random() * 4 - 2;
      const isMissing = random() < missing;
      data[row * columns + column] = isMissing ? NaN : value;
      if (!isMissing) score += (isCategory ? (value % 3) - 1 : Math.sin(value * (column + 1))) / (column + 1);
    }
    score += (random() - 0.5) * 0.8;
    if (classes > 0)
      labels[row] = Math.max(0, Math.min(classes - 1, Math.floor((score + 2) * (classes / 4))));
    else labels[row] = positive ? Math.exp(score) : score * 3;
  }
  return { rows, columns, data, labels };
}
