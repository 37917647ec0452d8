// The data of the benchmark, written once a run for both sides: the same bytes.
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { RandomStream } from '../../packages/metrics/dist/random-stream.js';

export const dense = { columns: 28 };
export const flights = { types: ['q', 'c', 'q', 'q', 'c', 'c'] };
export const sparse = { rows: 100_000, columns: 5_000, perRow: 50 };

/** `dense.f32`, `dense-labels.f32`, `dense.parquet`, and the sparse table's four arrays. */
export async function writeData(folder, rows) {
  const stream = new RandomStream(11);
  const random = () => stream.fraction();
  const { columns } = dense;
  const data = new Float32Array(rows * columns);
  const labels = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let score = 0;
    for (let column = 0; column < columns; column++) {
      const value = random() + random() + random() - 1.5;
      data[row * columns + column] = value;
      score += column < 8 ? Math.sin(value * (column + 1)) / (column + 1) : 0;
    }
    labels[row] = score + (random() - 0.5) * 2 > 0 ? 1 : 0;
  }
  writeFileSync(join(folder, 'dense.f32'), data);
  writeFileSync(join(folder, 'dense-labels.f32'), labels);
  await writeParquet(folder, data, labels);
  writeSparse(folder, random);
  await writeFlights(folder);
}

/** `flights.f32`, `flights-labels.f32`: the flights of vega-datasets, airports and weekdays as category codes. */
async function writeFlights(folder) {
  const parquet = fileURLToPath(new URL('../data/flights-3m.parquet', import.meta.resolve('vega-datasets')));
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const code = (name) => `(dense_rank() OVER (ORDER BY ${name}) - 1)::FLOAT`;
  const result = await connection.stream(`
    SELECT hour(date)::FLOAT, (isodow(date) - 1)::FLOAT, day(date)::FLOAT, distance::FLOAT,
      ${code('origin')}, ${code('destination')}, (delay > 15)::INT::FLOAT
    FROM read_parquet('${parquet}', file_row_number = true) WHERE delay IS NOT NULL ORDER BY file_row_number`);
  const width = flights.types.length;
  const [features, labels] = ['flights.f32', 'flights-labels.f32'].map((name) => join(folder, name));
  for (const path of [features, labels]) writeFileSync(path, '');
  for (let chunk = await result.fetchChunk(); chunk?.rowCount > 0; chunk = await result.fetchChunk()) {
    const columns = Array.from({ length: width + 1 }, (_, index) => chunk.getColumnVector(index).items);
    const block = new Float32Array(chunk.rowCount * width);
    for (let row = 0; row < chunk.rowCount; row++)
      for (let column = 0; column < width; column++) block[row * width + column] = columns[column][row];
    appendFileSync(features, block);
    appendFileSync(labels, columns[width].slice(0, chunk.rowCount));
  }
  connection.closeSync();
  instance.closeSync();
}

async function writeParquet(folder, data, labels) {
  const { columns } = dense;
  const csv = join(folder, 'dense.csv');
  const lines = ['label,' + Array.from({ length: columns }, (_, column) => `x${column}`).join()];
  const blocks = [];
  for (let row = 0; row < labels.length; row++) {
    lines.push(`${labels[row]},${data.subarray(row * columns, (row + 1) * columns).join()}`);
    if (lines.length === 50_000) blocks.push(`${lines.splice(0).join('\n')}\n`);
  }
  blocks.push(`${lines.join('\n')}\n`);
  writeFileSync(csv, blocks.shift() ?? '');
  for (const block of blocks) writeFileSync(csv, block, { flag: 'a' });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const types = ['label', ...Array.from({ length: columns }, (_, column) => `x${column}`)]
    .map((name) => `'${name}': 'FLOAT'`)
    .join(', ');
  await connection.run(
    `COPY (FROM read_csv('${csv}', columns = {${types}}, header = true)) TO '${join(folder, 'dense.parquet')}' (FORMAT parquet, COMPRESSION zstd)`,
  );
  connection.closeSync();
  instance.closeSync();
}

function writeSparse(folder, random) {
  const { rows, columns, perRow } = sparse;
  const rowStarts = Uint32Array.from({ length: rows + 1 }, (_, row) => row * perRow);
  const columnIndices = new Uint32Array(rows * perRow);
  const values = new Float32Array(rows * perRow);
  const labels = new Float32Array(rows);
  const stride = columns / perRow;
  for (let row = 0; row < rows; row++) {
    let score = 0;
    for (let place = 0; place < perRow; place++) {
      const column = Math.floor((place + random()) * stride);
      const value = random();
      columnIndices[row * perRow + place] = column;
      values[row * perRow + place] = value;
      score += column % 7 === 0 ? value - 0.5 : 0;
    }
    labels[row] = score > 0 ? 1 : 0;
  }
  const files = { rowStarts, columnIndices, values, labels };
  for (const [name, array] of Object.entries(files)) writeFileSync(join(folder, `sparse-${name}.bin`), array);
}
