// Checks that delta-rs and Spark read the tables @kaefer/deltalake writes (rows, schema, history, time travel) and go on
// with them, that it reads theirs and goes on in turn, and that its S3 store and the server's intake from S3 work with a
// real S3 server. Needs Python 3 with pip, and Java 11 or newer for Spark: without it nothing is proven of Spark, which
// fails unless --without-spark says that this is meant.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const pinned = ['deltalake==1.6.6', 'pyarrow==26.0.1', 'moto[server]==5.2.5'];
const pinnedSpark = ['pyspark==3.5.7'];
const deltaSparkPackage = 'io.delta:delta-spark_2.12:3.3.2';

const root = fileURLToPath(new URL('..', import.meta.url));
const deltalake = join(root, 'packages/deltalake');
const cache = join(root, '.cache/conformance');
const python = join(cache, 'venv/bin/python');
const results = { passed: 0, failed: 0 };

function check(name, ok, detail = '') {
  results[ok ? 'passed' : 'failed']++;
  if (!ok) console.log(`FAILED ${name}: ${detail}`);
}

function checkSame(name, seen, expected) {
  const [ours, theirs] = [JSON.stringify(seen), JSON.stringify(expected)];
  check(name, ours === theirs, `${ours} where ${theirs} was expected`);
}

function run(command, args, options = {}) {
  const ended = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
  if (ended.error) throw ended.error;
  return ended;
}

function mustRun(command, args) {
  const ended = run(command, args);
  if (ended.status !== 0)
    throw new Error(
      `${command} ${args.join(' ')} ended with ${ended.status}:\n${ended.stdout}\n${ended.stderr}`,
    );
}

function install(packages) {
  mkdirSync(cache, { recursive: true });
  if (!existsSync(python)) mustRun('python3', ['-m', 'venv', join(cache, 'venv')]);
  mustRun(python, ['-m', 'pip', 'install', '--quiet', ...packages]);
}

/** Runs a reader and counts the checks it prints; a reader that dies is one failure more. */
function readWith(engine, folders, env = {}) {
  const ended = run(python, [join(deltalake, 'conformance/read_tables.py'), engine, ...folders], {
    env: { ...process.env, ...env },
  });
  const checks = ended.stdout
    .split('\n')
    .flatMap((line) => (line.startsWith('CHECK ') ? [JSON.parse(line.slice('CHECK '.length))] : []));
  for (const { check: name, ok, detail } of checks) check(name, ok, detail);
  check(`${engine} ran to its end`, ended.status === 0, ended.stderr.slice(-3000));
  console.log(`${engine}: ${checks.length} checks`);
}

/** Compares what this package reads with what the writer itself read. */
async function readOurselves(connection, folder) {
  const { DeltaTable, scanSql } = await import('../packages/deltalake/dist/index.js');
  const { canonicalRows } = await import('../packages/deltalake/conformance/canonical-rows.mjs');
  const { operationsOf, schemaOf } = await import('../packages/deltalake/conformance/write-tables.mjs');
  const names = readdirSync(folder).flatMap((name) => /^(.*)\.expected\.json$/.exec(name)?.[1] ?? []);
  for (const name of names) {
    const expected = JSON.parse(readFileSync(join(folder, `${name}.expected.json`), 'utf8'));
    try {
      const table = await DeltaTable.open(join(folder, name));
      const { version: newest, metadata } = await table.snapshot();
      check(`we read ${name}: newest version`, newest === expected.newest, newest);
      checkSame(`we read ${name}: history`, operationsOf(await table.history()), expected.history);
      checkSame(`we read ${name}: partition columns`, metadata.partitionColumns, expected.partitionColumns);
      for (const [version, rows] of Object.entries(expected.versions)) {
        const snapshot = await table.snapshot(Number(version));
        const seen = await canonicalRows(connection, scanSql(table, snapshot), snapshot.schema);
        const same = JSON.stringify(seen) === JSON.stringify([...rows].sort());
        check(
          `we read ${name} version ${version}: rows`,
          same,
          `${seen[0]} where ${[...rows].sort()[0]} was expected`,
        );
        check(
          `we read ${name} version ${version}: row count`,
          snapshot.rowCount === rows.length,
          snapshot.rowCount,
        );
        checkSame(
          `we read ${name} version ${version}: schema`,
          schemaOf(snapshot),
          expected.schemas[version],
        );
      }
    } catch (error) {
      check(`we read ${name}`, false, error.stack);
    }
  }
  console.log(`ourselves: ${names.length} tables`);
}

/** The tests of the S3 store and of the intake from S3, against a server of their own. */
async function testS3() {
  const server = spawn(python, [join(deltalake, 'conformance/s3_server.py')], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const [port] = await Promise.race([
      once(server.stdout, 'data'),
      once(server, 'exit').then(() => {
        throw new Error('The S3 server ended before it listened.');
      }),
    ]);
    const config = join(deltalake, 'conformance/vitest.config.ts');
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const ended = run(process.execPath, [vitest, 'run', '--root', root, '--config', config], {
      cwd: root,
      env: {
        ...process.env,
        KAFER_S3_ENDPOINT: `http://127.0.0.1:${String(port).trim()}`,
        KAFER_PYTHON: python,
        NO_COLOR: '1',
      },
    });
    check('S3 stores and places keep their promises', ended.status === 0, ended.stdout + ended.stderr);
    console.log(`S3: ${/Tests .*/.exec(ended.stdout)?.[0] ?? 'no tests'}`);
  } finally {
    server.kill();
  }
}

function javaVersion() {
  try {
    const { status, stderr } = run('java', ['-version']);
    return status === 0 ? Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0) : 0;
  } catch {
    return 0;
  }
}

async function main() {
  const withSpark = !process.argv.includes('--without-spark');
  const java = javaVersion();
  if (withSpark && java < 11)
    throw new Error(
      `Spark needs Java 11 or newer, this machine has ${java || 'none'}. Install it, or leave Spark out with --without-spark.`,
    );
  const { buildAll } = await import('./build.mjs');
  if (!existsSync(join(deltalake, 'dist/index.js')) || !process.argv.includes('--no-build')) await buildAll();
  install(pinned);
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const { continueTables, writeTables } = await import('../packages/deltalake/conformance/write-tables.mjs');
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  const place = (name) => {
    const path = join(folder, name);
    mkdirSync(path);
    return path;
  };
  const [ours, deltaRs, continued, spark] = ['ours', 'delta-rs', 'continued', 'spark'].map(place);
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '1GB' });
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);

  await writeTables(ours, connection);
  readWith('delta-rs', [ours, continued]);
  await readOurselves(connection, continued);
  await continueTables(continued, connection);
  readWith('delta-rs', [continued]);
  mustRun(python, [join(deltalake, 'golden/make.py'), deltaRs]);
  await readOurselves(connection, deltaRs);

  await testS3();

  if (withSpark) {
    install([...pinned, ...pinnedSpark]);
    const env = { DELTA_SPARK_PACKAGE: deltaSparkPackage, DELTA_SPARK_IVY: join(cache, 'ivy') };
    readWith('spark', [ours, spark], env);
    await readOurselves(connection, spark);
    readWith('spark', [continued], env);
  } else console.log('Spark was left out, as --without-spark says.');

  connection.closeSync();
  instance.closeSync();
  if (results.failed === 0) rmSync(folder, { recursive: true });
  else console.log(`The tables are kept in ${folder}.`);
  console.log(`${results.passed} passed, ${results.failed} failed`);
  process.exitCode = results.failed === 0 ? 0 : 1;
}

await main();
