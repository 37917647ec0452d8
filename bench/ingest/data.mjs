// Makes the file that bench/ingest measures with, of 60 columns of all kinds, the same one each time.
//   node bench/ingest/data.mjs [rows]      -> .cache/bench/ingest/*.csv
import { DuckDBInstance } from '@duckdb/node-api';
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cache } from '../paths.mjs';

const folder = join(cache, 'ingest');

/** What the file is for in a project: texts `id` (the key) and `result` (the target) are two of its eight text columns. */
export const partsProject = { task: 'binary', target: 'result', positive: 'nok', key: 'id' };

/** @param {number} variant other values for the same keys */
function columnsSql(variant) {
  /** A fraction of a row, 0 to 1, another one for each column. */
  const drawn = (column) => `(hash(i * 20011 + ${column + 10_000 * variant}) / 18446744073709551616.0)`;
  const oneOf = (column, words) =>
    `[${words.map((word) => `'${word}'`).join(', ')}][1 + floor(${drawn(column)} * ${words.length})::INTEGER]`;
  /** Every twentieth value is missing. */
  const gappy = (column, value) => `CASE WHEN ${drawn(1000 + column)} >= 0.05 THEN ${value} END`;
  const texts = [
    `printf('V%09d', i) AS id`,
    `${oneOf(1, ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'nok'])} AS result`,
    `${oneOf(2, ['Anchieta', 'Taubaté', 'Curitiba'])} AS plant`,
    `${oneOf(3, ['manhã', 'tarde', 'noite'])} AS shift`,
    `${gappy(4, oneOf(4, ['Polo', 'Virtus', 'T-Cross', 'Nivus', 'Saveiro']))} AS model`,
    `${gappy(5, `'supplier ' || floor(${drawn(5)} * 400)::INTEGER`)} AS supplier`,
    `${gappy(6, `'M-' || lpad(floor(${drawn(6)} * 5000)::INTEGER::VARCHAR, 5, '0')`)} AS material`,
    `${gappy(7, `'checked, gap "' || floor(${drawn(7)} * 90)::INTEGER || '"'`)} AS note`,
  ];
  const integers = Array.from({ length: 12 }, (_, n) => {
    const value = `floor(${drawn(20 + n)} * ${10 ** (1 + (n % 6))})::BIGINT`;
    return `${n % 2 ? gappy(20 + n, value) : value} AS count_${n + 1}`;
  });
  const numbers = Array.from({ length: 32 }, (_, n) => {
    const value = `round((${drawn(40 + n)} - 0.5) * ${10 ** (n % 5)}, ${2 + (n % 4)})`;
    return `${n % 2 ? gappy(40 + n, value) : value} AS measure_${n + 1}`;
  });
  const booleans = Array.from({ length: 4 }, (_, n) => `${drawn(80 + n)} < 0.${n + 2} AS check_${n + 1}`);
  const times = Array.from({ length: 4 }, (_, n) => {
    const day = `DATE '2026-01-01' + floor(${drawn(90 + n)} * 300)::INTEGER`;
    if (n < 2) return `${gappy(90 + n, day)} AS day_${n + 1}`;
    return `(${day} + to_seconds(floor(${drawn(95 + n)} * 86400)))::TIMESTAMP AS passed_${n + 1}`;
  });
  return [...texts, ...integers, ...numbers, ...booleans, ...times];
}

/**
 * Files of 60 columns: 8 texts, 12 whole numbers, 32 decimals, 4 booleans, 2 dates, 2 times; every twentieth cell is empty in
 * half of them. Two that share no key but all of its range, and one of which every other key is of the first, with other values.
 *
 * @param {number} rows of each
 * @returns {Promise<{ earlier: string, upload: string, overlapping: string }>} their paths
 */
export async function partsFiles(rows) {
  return {
    earlier: await partsFile('earlier', rows, `SELECT 2 * k AS i FROM range(${rows}) t(k)`),
    upload: await partsFile('upload', rows, `SELECT 2 * k + 1 AS i FROM range(${rows}) t(k)`),
    overlapping: await partsFile('overlapping', rows, `SELECT k AS i FROM range(${rows}) t(k)`),
  };
}

async function partsFile(name, rows, numbers) {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}-${rows}.csv`);
  if (existsSync(path)) return path;
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const variant = name === 'overlapping' ? 1 : 0;
  await connection.run(
    `COPY (SELECT ${columnsSql(variant).join(', ')} FROM (${numbers})) TO '${path}.part' (FORMAT csv, HEADER)`,
  );
  renameSync(`${path}.part`, path);
  connection.closeSync();
  instance.closeSync();
  return path;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { [2]: rows = '1000000' } = process.argv;
  for (const path of Object.values(await partsFiles(Number(rows)))) console.log(path, statSync(path).size);
}
