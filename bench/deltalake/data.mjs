// What both sides work on, made once: the same Parquet files and the same Delta tables, in .cache/bench/deltalake.
import { DuckDBInstance } from '@duckdb/node-api';
import { append, DeltaTable } from '@kaefer/deltalake';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from '../paths.mjs';

const wideColumns = { numbers: 40, integers: 10, texts: 10 };
const tallNumbers = 7;
const filesOfTall = 10;

/** Columns of the tall table that the reading case reads. */
export const readColumns = ['k', 'v0', 'v1'];

/**
 * @param {{ wideRows: number, tallRows: number, mergedRows: number, commits: number }} sizes
 * @returns the folder: `wide.parquet` (rows × 60), `tall` (a table of rows × 10 in ten files, ordered by key `k`),
 * `recent.parquet` and `spread.parquet` (rows to merge, half of them with a key of `tall`: from its last tenth, or from
 * anywhere), `commits` (a table of so many commits)
 */
export async function benchData(sizes) {
  const folder = join(cache, 'deltalake', Object.values(sizes).join('-'));
  if (existsSync(folder)) return folder;
  const making = `${folder}.part`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '2GB' });
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  try {
    await writeWide(connection, making, sizes);
    await writeTall(connection, making, sizes);
    await writeCommits(making, sizes);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  renameSync(making, folder);
  return folder;
}

/** A pseudorandom number in [0, 1) that depends on a row and a column alone. */
const random = (row, column) => `((hash(${row} * 1000 + ${column}) >> 11)::DOUBLE / 9007199254740992)`;

async function writeWide(connection, folder, { wideRows }) {
  const { numbers, integers, texts } = wideColumns;
  const columns = [
    ...Array.from({ length: numbers }, (_, i) => `round(100 * ${random('i', i)}, 3) AS n${i}`),
    ...Array.from({ length: integers }, (_, i) => `floor(1000 * ${random('i', 100 + i)})::BIGINT AS i${i}`),
    ...Array.from(
      { length: texts },
      (_, i) => `'value ' || floor(50 * ${random('i', 200 + i)})::BIGINT AS t${i}`,
    ),
  ];
  await connection.run(
    `COPY (SELECT ${columns.join(', ')} FROM range(${wideRows}) r(i)) TO '${join(folder, 'wide.parquet')}' (FORMAT parquet, COMPRESSION snappy)`,
  );
}

const tallSql = (key, seed) =>
  `${key} AS k, ${Array.from({ length: tallNumbers }, (_, i) => `round(100 * ${random(key, seed + i)}, 3) AS v${i}`).join(', ')}, ` +
  `floor(1000 * ${random(key, seed + 50)})::BIGINT AS n, 'plant ' || floor(20 * ${random(key, seed + 51)})::BIGINT AS t`;

async function writeTall(connection, folder, { tallRows, mergedRows }) {
  const type = (name) => (name === 'k' || name === 'n' ? 'long' : name === 't' ? 'string' : 'double');
  const names = ['k', ...Array.from({ length: tallNumbers }, (_, i) => `v${i}`), 'n', 't'];
  const schema = names.map((name) => ({ name, type: type(name), nullable: true }));
  const table = await DeltaTable.create(join(folder, 'tall'), { schema });
  for (let part = 0; part < filesOfTall; part++) {
    const [from, to] = [part, part + 1].map((n) => Math.floor((tallRows * n) / filesOfTall));
    await append(connection, table, {
      source: `(SELECT ${tallSql('i', 0)} FROM range(${from}, ${to}) r(i))`,
    });
  }
  const known = Math.floor(mergedRows / 2);
  const keys = {
    recent: `floor(${tallRows * 0.9} + ${tallRows * 0.1} * i / ${known})::BIGINT`,
    spread: `floor(${tallRows} * i / ${known})::BIGINT`,
  };
  for (const [name, key] of Object.entries(keys))
    await connection.run(
      `COPY (SELECT ${tallSql('i', 500)} FROM (SELECT ${key} AS i FROM range(${known}) r(i) UNION ALL SELECT ${tallRows} + i FROM range(${mergedRows - known}) r(i))) TO '${join(folder, `${name}.parquet`)}' (FORMAT parquet, COMPRESSION snappy)`,
    );
}

/** Commits of small files whose data nobody reads. */
async function writeCommits(folder, { commits }) {
  const table = await DeltaTable.create(join(folder, 'commits'), {
    schema: [{ name: 'k', type: 'long', nullable: true }],
  });
  for (let version = 1; version < commits; version++) {
    const stats = JSON.stringify({
      numRecords: 1,
      minValues: { k: version },
      maxValues: { k: version },
      nullCount: { k: 0 },
    });
    const file = {
      path: `part-${version}.parquet`,
      partitionValues: {},
      size: 500,
      modificationTime: version,
      dataChange: true,
      stats,
    };
    await table.commit(await table.snapshot(), { add: [file], operation: 'WRITE' });
  }
}
