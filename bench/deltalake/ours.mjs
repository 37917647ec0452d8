// One case of ours, in a process of its own: prints seconds, peak memory and what shows that the work was done.
//   node ours.mjs CASE DATA TABLE
import { DuckDBInstance } from '@duckdb/node-api';
import { append, DeltaTable, scanSql, upsert } from '@kaefer/deltalake';
import { join } from 'node:path';
import { readColumns } from './data.mjs';

const [, , name, data, place] = process.argv;
const memoryLimit = '1GB';
const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: memoryLimit });
const connection = await instance.connect();
await connection.run(`SET TimeZone = 'UTC'`);
// With DuckDB's 1 MB only one thread gets to work ahead of whoever reads a stream.
await connection.run(`SET streaming_buffer_size = '32MiB'`);
const parquet = (file) => `read_parquet('${join(data, file)}')`;

async function merge(file) {
  const table = await DeltaTable.open(place);
  const compare = (await table.snapshot()).schema.map((field) => field.name).filter((field) => field !== 'k');
  const { inserted, updated } = await upsert(connection, table, { key: 'k', source: parquet(file), compare });
  return { inserted, updated };
}

const cases = {
  async append() {
    const file = parquet('wide.parquet');
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${file}`);
    const types = { DOUBLE: 'double', BIGINT: 'long', VARCHAR: 'string' };
    const schema = described
      .getRows()
      .map(([column, type]) => ({ name: column, type: types[type], nullable: true }));
    const table = await DeltaTable.create(place, { schema });
    const { inserted } = await append(connection, table, { source: file });
    return { rows: inserted };
  },
  mergeRecent: () => merge('recent.parquet'),
  mergeSpread: () => merge('spread.parquet'),
  mergeSpreadMarked: () => merge('spread.parquet'),
  // The rows stand in DuckDB's memory then, as delta-rs's stand in Arrow's.
  async read() {
    const table = await DeltaTable.open(place);
    const snapshot = await table.snapshot();
    const result = await connection.run(
      `SELECT * FROM ${scanSql(table, snapshot, { columns: readColumns })}`,
    );
    return () => {
      let sum = 0;
      for (let chunk = 0; chunk < result.chunkCount; chunk++)
        for (const value of result.getChunk(chunk).getColumnVector(1).items) sum += value;
      return { rows: Number(result.rowCount), sum };
    };
  },
  async readArrays() {
    const table = await DeltaTable.open(place);
    const snapshot = await table.snapshot();
    const columns = readColumns.map((column) =>
      column === 'k' ? new BigInt64Array(snapshot.rowCount) : new Float64Array(snapshot.rowCount),
    );
    const result = await connection.stream(
      `SELECT * FROM ${scanSql(table, snapshot, { columns: readColumns })}`,
    );
    let rows = 0;
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) break;
      columns.forEach((values, column) =>
        values.set(chunk.getColumnVector(column).items.subarray(0, chunk.rowCount), rows),
      );
      rows += chunk.rowCount;
    }
    return () => ({ rows, sum: columns[1].reduce((sum, value) => sum + value, 0) });
  },
  async open() {
    const table = await DeltaTable.open(place);
    return { files: (await table.snapshot()).files.length };
  },
};

// What the table was made with is no part of the merge.
if (name === 'mergeSpreadMarked') await (await DeltaTable.open(place)).enableDeletionVectors();

const before = process.resourceUsage().maxRSS;
const startedAt = performance.now();
const finished = await cases[name]();
const seconds = (performance.now() - startedAt) / 1000;
const mib = process.resourceUsage().maxRSS / 1024;
const done = typeof finished === 'function' ? finished() : finished;
console.log(JSON.stringify({ seconds, mib, mibBefore: before / 1024, done }));
connection.closeSync();
instance.closeSync();
