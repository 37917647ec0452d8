import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { severityOf } from '@kaefer/contracts';
import { UploadFolder } from '../../src/lake/layout.ts';
import { safeSettings } from '../../src/sql/connection.ts';
import { quoteText } from '../../src/sql/quote.ts';
import { randomStream, rowsOf, testFolder, writeFileIn } from '../workspace.ts';
import { checkFirstFile, type ProjectFacts } from './check-first-file.ts';
import { Watchdog } from './watchdog.ts';
import { fileOf, readBackSql, row, telling, valuesOf, writing, writtenProject } from './written-table.ts';

// Damaged files: each is checked or refused, never more; and known tables written at random: each is read back equal.
// `KAFER_FUZZ_FILES=10000` makes a longer form, half of each, in which a file that takes a minute counts as a hang;
// `fuzz.mjs` runs many of them and leaves what it counted in `fuzz.json`.

const corpus = fileURLToPath(new URL('../check-corpus/', import.meta.url));
const long = process.env['KAFER_FUZZ_FILES'];
const count = Number(long ?? 300);
const seed = Number(process.env['KAFER_FUZZ_SEED'] ?? 20_261_123);
const largest = 100_000; // bytes of a file that is worth many copies

interface Original {
  readonly project: ProjectFacts;
  readonly bytes: Buffer;
}

const originals = readdirSync(corpus)
  .filter((name) => !/\.(json|py)$/.test(name))
  .map((name): Original => {
    const beside = readFileSync(join(corpus, `${name.split('.')[0]}.expected.json`), 'utf8');
    const { project } = JSON.parse(beside) as Pick<Original, 'project'>;
    return { project, bytes: readFileSync(join(corpus, name)) };
  })
  .filter(({ bytes }) => bytes.length > 0 && bytes.length < largest);

/** A copy with some bytes changed, a part cut out, doubled or moved into another file. */
function mutated(random: () => number): Original {
  const pick = (limit: number): number => Math.floor(random() * limit);
  const original = originals[pick(originals.length)] as Original;
  return { ...original, bytes: damaged(original.bytes, pick) };
}

function damaged(original: Buffer, pick: (limit: number) => number): Buffer {
  const bytes = Buffer.from(original);
  const [from, length] = [pick(bytes.length), 1 + pick(64)];
  switch (pick(5)) {
    case 0:
      return bytes.subarray(0, from);
    case 1:
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, from + length), bytes.subarray(from)]);
    case 3: {
      const { bytes: other } = originals[pick(originals.length)] as Original;
      return Buffer.concat([bytes.subarray(0, from), other.subarray(pick(other.length))]);
    }
    default:
      for (let changes = 1 + pick(8); changes > 0; changes--) bytes[pick(bytes.length)] = pick(256);
      return bytes;
  }
}

const openInstance = (): Promise<DuckDBInstance> =>
  DuckDBInstance.create(':memory:', { ...safeSettings, threads: '2', memory_limit: '512MiB' });

/** One DuckDB for many files, and for each a connection of its own: what a check leaves behind goes with it. */
let instance = await openInstance();
afterAll(() => instance.closeSync());

async function within<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const connection = await openConnection();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
  }
}

async function openConnection(): Promise<DuckDBConnection> {
  const connection = await instance.connect();
  try {
    await connection.run(`SET TimeZone = 'UTC'`);
    return connection;
  } catch (error) {
    // Some damaged files meet an error within DuckDB's reader, after which that instance does nothing more.
    if (!String(error).includes('database has been invalidated')) throw error;
    connection.closeSync();
    instance.closeSync();
    instance = await openInstance();
    return openConnection();
  }
}

describe('files at random', () => {
  test(`${count} of them are checked or refused, and known values come back`, async () => {
    const random = randomStream(seed);
    const folder = new UploadFolder(join(testFolder(), 'upload'));
    const statuses = { valid: 0, invalid: 0 };
    const watchdog = long === undefined ? undefined : new Watchdog();
    for (let file = 0; file < count; file++) {
      const what = `file ${file} of seed ${seed}`;
      watchdog?.watch(what);
      if (file % 2 === 0) {
        statuses[await checkDamaged(folder, random, what)]++;
      } else {
        await readBack(folder, seed * 1_000_003 + file, what);
      }
      if (long !== undefined && (file + 1) % 1000 === 0) console.log(`${file + 1} files of seed ${seed}`);
    }
    watchdog?.stop();
    const readBackFiles = count - statuses.valid - statuses.invalid;
    if (long !== undefined) console.log(`FUZZ ${JSON.stringify({ ...statuses, readBack: readBackFiles })}`);
    expect(statuses.valid).toBeGreaterThan(0);
    expect(statuses.invalid).toBeGreaterThan(0);
  }, 0);
});

async function checkDamaged(
  folder: UploadFolder,
  random: () => number,
  what: string,
): Promise<'valid' | 'invalid'> {
  const { project, bytes } = mutated(random);
  writeFileIn(folder.path, 'received.csv', bytes);
  const report = await checkFirstFile(folder, project, within).catch((error: unknown) => {
    throw new Error(what, { cause: error });
  });
  expect(report.status === 'invalid', what).toBe(
    report.problems.some((problem) => severityOf(problem) === 'error'),
  );
  const { total, new: added, rejected } = report.rows;
  if (report.status === 'valid') expect(added + rejected, what).toBe(total);
  const left = readdirSync(folder.path).filter((name) => name.startsWith('decoded'));
  expect(left, what).toEqual([]);
  return report.status;
}

async function readBack(folder: UploadFolder, fileSeed: number, what: string): Promise<void> {
  const [drawn] = fc.sample(fc.tuple(fc.array(row, { maxLength: 12 }), writing), {
    seed: fileSeed | 0,
    numRuns: 1,
  });
  const [more, how] = drawn as NonNullable<typeof drawn>;
  const rows = [...telling, ...more];
  writeFileIn(folder.path, 'received.csv', fileOf(rows, how));
  const report = await checkFirstFile(folder, writtenProject, within).catch((error: unknown) => {
    throw new Error(what, { cause: error });
  });
  expect([report.status, report.problems], `${what}: ${JSON.stringify(how)}`).toEqual(['valid', []]);
  const found = await within((connection) =>
    rowsOf(connection, `${readBackSql} FROM read_parquet(${quoteText(folder.staged)})`),
  );
  expect(
    found.map((values) => Object.values(values)),
    `${what}: ${JSON.stringify(how)}`,
  ).toEqual(valuesOf(rows));
}
