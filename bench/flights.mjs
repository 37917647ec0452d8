#!/usr/bin/env node
// Makes one CSV a month out of the three million flights of January to June 2001 in the npm package vega-datasets.
//   node bench/flights.mjs [01 02 03 …]      (default: all six) -> .cache/bench/flights/2001-MM.csv
import { DuckDBInstance } from '@duckdb/node-api';
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { cache } from './paths.mjs';

const parquet = fileURLToPath(new URL('../data/flights-3m.parquet', import.meta.resolve('vega-datasets')));
const folder = join(cache, 'flights');

/**
 * Paths of the CSVs of the months (`'01'` … `'06'`), made where they are missing. Columns: `id` (2001-01-0000001: the
 * month and the row's place in it), `hour`, `weekday` (1 Monday … 7), `day` of the month, `distance` in miles, `origin`,
 * `destination`, `late` (yes: more than 15 minutes). The same file each time.
 *
 * @param {string[]} months
 * @returns {Promise<string[]>}
 */
export async function flightMonths(months) {
  mkdirSync(folder, { recursive: true });
  const paths = months.map((month) => join(folder, `2001-${month}.csv`));
  if (paths.every((path) => existsSync(path))) return paths;
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  for (const [index, month] of months.entries()) {
    if (existsSync(paths[index])) continue;
    await connection.run(`
      COPY (
        SELECT
          strftime(date, '%Y-%m-') || lpad((row_number() OVER (ORDER BY file_row_number))::VARCHAR, 7, '0') AS id,
          hour(date) AS hour, isodow(date) AS weekday, day(date) AS day, distance, origin, destination,
          CASE WHEN delay > 15 THEN 'yes' ELSE 'no' END AS late
        FROM read_parquet('${parquet}', file_row_number = true)
        WHERE month(date) = ${Number(month)} AND delay IS NOT NULL
        ORDER BY id
      ) TO '${paths[index]}.part' (HEADER, DELIMITER ',')`);
    renameSync(`${paths[index]}.part`, paths[index]);
  }
  connection.closeSync();
  instance.closeSync();
  return paths;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const wanted = process.argv.slice(2);
  const months = wanted.length ? wanted : Array.from({ length: 6 }, (_, i) => String(i + 1).padStart(2, '0'));
  for (const path of await flightMonths(months)) console.log(path, statSync(path).size);
}
