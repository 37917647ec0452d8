import type { Batch, BatchSource, SparseRows } from '../src/index.ts';
import type { Table } from './random-table.ts';

/** The values that are there, row by row. */
export function sparseOf({ rows, columns, data }: Table): SparseRows {
  const rowStarts = new Uint32Array(rows + 1);
  const columnIndices: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = data[row * columns + column] as number;
      if (Number.isNaN(value)) continue;
      columnIndices.push(column);
      values.push(value);
    }
    rowStarts[row + 1] = values.length;
  }
  return {
    rowStarts,
    columnIndices: Uint32Array.from(columnIndices),
    values: Float32Array.from(values),
    columns,
  };
}

export const columnsOf = ({ columns, data }: Table): Float32Array[] =>
  Array.from({ length: columns }, (_, column) => data.filter((_value, at) => at % columns === column));

/** A table in batches of some rows, in one of the three forms, counting how often it is read from its start. */
export function batchesOf(
  table: Table,
  rowsPerBatch: number,
  form: 'dense' | 'sparse' | 'columns',
): BatchSource & { passes: number } {
  let row = 0;
  return {
    passes: 0,
    reset() {
      row = 0;
      this.passes++;
    },
    next(): Batch | null {
      if (row >= table.rows) return null;
      const rows = Math.min(rowsPerBatch, table.rows - row);
      const [from, to] = [row, row + rows];
      row = to;
      const data = table.data.slice(from * table.columns, to * table.columns);
      const labels = table.labels.slice(from, to);
      const part = { ...table, data, rows, labels };
      if (form === 'dense') return { data, rows, labels };
      if (form === 'columns') return { columns: columnsOf(part), labels };
      const { rowStarts, columnIndices, values } = sparseOf(part);
      return { rowStarts, columnIndices, values, labels };
    },
  };
}
