import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { vectorPath } from '../src/deletion-vector.ts';
import { append, DeltaTable, optimize, scanSql, verifyLog } from '../src/index.ts';
import { rowsOf, tableRows, testConnection, testFolder } from './workspace.ts';

const runner = fileURLToPath(new URL('./runner.mjs', import.meta.url));
const connection = await testConnection();
const marking = { 'delta.enableDeletionVectors': 'true' };
const start = (...args: string[]) =>
  spawn(process.execPath, [runner, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });

/** Waits until a child has printed a line. */
async function printed(child: ReturnType<typeof start>, line: string): Promise<void> {
  let text = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.split('\n').includes(line)) break;
  }
  child.stdout.resume();
  expect(text.split('\n')).toContain(line);
}

test('writers in several processes race: versions have no gaps, no row is lost or doubled', async () => {
  const folder = testFolder();
  const schema = [
    { name: 'writer', type: 'string', nullable: false },
    { name: 'number', type: 'long', nullable: false },
  ] as const;
  const table = await DeltaTable.create(folder, { schema });
  const writers = ['a', 'b', 'c', 'd'];
  const children = writers.map((name) => start('appends', folder, name, '12'));
  for (const { stdout } of children) stdout.resume();
  const ended = await Promise.all(children.map((child) => once(child, 'exit')));
  expect(ended.map(([code]) => code as unknown)).toEqual([0, 0, 0, 0]);
  const history = await table.history();
  expect(history.map(({ version }) => version)).toEqual(Array.from({ length: 49 }, (_, version) => version));
  const rows = await tableRows(connection, table);
  expect(new Set(rows.map((row) => `${String(row.writer)}${String(row.number)}`)).size).toBe(48);
  expect(rows).toHaveLength(48);
  // Each writer's own rows are in the order in which it wrote them.
  for (const writer of writers)
    expect(rows.filter((row) => row.writer === writer).map((row) => Number(row.number))).toEqual(
      Array.from({ length: 12 }, (_, i) => i),
    );
});

test('files are joined while others write: no row is lost or doubled', async () => {
  const folder = testFolder();
  const schema = [
    { name: 'writer', type: 'string', nullable: false },
    { name: 'number', type: 'long', nullable: false },
  ] as const;
  const table = await DeltaTable.create(folder, { schema });
  const children = [
    start('appends', folder, 'a', '15'),
    start('appends', folder, 'b', '15'),
    start('optimizes', folder, '', '15'),
    start('optimizes', folder, '', '15'),
  ];
  for (const { stdout } of children) stdout.resume();
  const ended = await Promise.all(children.map((child) => once(child, 'exit')));
  expect(ended.map(([code]) => code as unknown)).toEqual([0, 0, 0, 0]);
  await optimize(connection, table);
  const history = await table.history();
  expect(history.map(({ version }) => version)).toEqual(history.map((_, version) => version));
  expect((await table.snapshot()).files).toHaveLength(1);
  const rows = await tableRows(connection, table);
  expect(rows).toHaveLength(30);
  expect(new Set(rows.map((row) => `${String(row.writer)}${String(row.number)}`)).size).toBe(30);
});

// `KAFER_KILLS=1000` makes the long form.
const kills = Number(process.env['KAFER_KILLS'] ?? 25);

test('a writer killed at any instant leaves the table before or after its change, nothing doubled', async () => {
  const folder = testFolder();
  const schema = [
    { name: 'k', type: 'long', nullable: false },
    { name: 'round', type: 'long', nullable: true },
  ] as const;
  await DeltaTable.create(folder, { schema });
  let round = 0;
  for (let kill = 0; kill < kills; kill++) {
    const child = start('upserts', folder, String(round), '1000');
    // Every other child gets on for at least a round, however slow the machine; the others die where they are.
    await printed(child, kill % 2 === 0 ? `done ${round + 1}` : 'ready');
    const exited = once(child, 'exit');
    // Instants spread over the stages of several upserts: the delay is what is tested, not a wait for a state.
    await new Promise((resolve) => setTimeout(resolve, (kill * 37) % 160));
    child.kill('SIGKILL');
    await exited;
    const table = await DeltaTable.open(folder);
    const snapshot = await table.snapshot();
    const [seen] = await rowsOf(
      connection,
      `SELECT count(*) AS n, count(DISTINCT k) AS keys, min(round) FILTER (k < 100) AS low, max(round) FILTER (k < 100) AS high FROM ${scanSql(table, snapshot)}`,
    );
    const rounds = snapshot.transactions.size;
    expect(seen).toEqual(
      rounds === 0
        ? { n: '0', keys: '0', low: null, high: null }
        : {
            n: String(100 + rounds * 10),
            keys: String(100 + rounds * 10),
            low: String(rounds - 1),
            high: String(rounds - 1),
          },
    );
    expect(snapshot.version).toBe(rounds);
    round = Math.max(0, rounds - 1); // The next process does the last round again: its transaction makes that harmless.
  }
  expect(round).toBeGreaterThan(5);
  const table = await DeltaTable.open(folder);
  const { files } = await table.snapshot();
  await table.vacuum({ retentionMs: 0 });
  expect(
    (await table.store.list('')).filter(({ path }) => path.endsWith('.parquet') && !path.startsWith('_'))
      .length,
  ).toBe(files.length);
  expect((await table.store.list('')).filter(({ path }) => path.includes('_staged-'))).toEqual([]);
}, 0);

test('a writer of deletion vectors killed at any instant leaves the table before or after its change', async () => {
  const folder = testFolder();
  const schema = [
    { name: 'k', type: 'long', nullable: false },
    { name: 'round', type: 'long', nullable: true },
  ] as const;
  const created = await DeltaTable.create(folder, { schema, configuration: marking });
  await append(connection, created, { source: '(SELECT range AS k, -1 AS round FROM range(100))' });
  let round = 0;
  let vectors = 0;
  for (let kill = 0; kill < kills; kill++) {
    const child = start('marks', folder, String(round), '1000');
    await printed(child, kill % 2 === 0 ? `done ${round + 1}` : 'ready');
    const exited = once(child, 'exit');
    // As above: the instants are what is tested.
    await new Promise((resolve) => setTimeout(resolve, (kill * 37) % 160));
    child.kill('SIGKILL');
    await exited;
    const table = await DeltaTable.open(folder);
    const snapshot = await table.snapshot();
    const rounds = snapshot.transactions.size;
    const expected = `CASE WHEN ${rounds} - 1 >= k % 10 THEN ${rounds} - 1 - (${rounds} - 1 - k % 10) % 10 ELSE -1 END`;
    const [seen] = await rowsOf(
      connection,
      `SELECT count(*) AS n, count(DISTINCT k) AS keys, count(*) FILTER (k < 100 AND round <> ${expected}) AS wrong,
       count(*) FILTER (k < 100) AS low FROM ${scanSql(table, snapshot)}`,
    );
    const rows = String(100 + rounds * 10);
    expect(seen).toEqual({ n: rows, keys: rows, wrong: '0', low: '100' });
    expect(snapshot.rowCount).toBe(Number(rows));
    expect(snapshot.version).toBe(rounds + 1);
    vectors += snapshot.files.filter(({ deletionVector }) => deletionVector).length;
    round = Math.max(0, rounds - 1);
  }
  expect(round).toBeGreaterThan(5);
  expect(vectors).toBeGreaterThan(kills / 2);
  const table = await DeltaTable.open(folder);
  expect(await verifyLog(table.store)).toEqual([]);
  const { files } = await table.snapshot();
  await table.vacuum({ retentionMs: 0 });
  const left = (await table.store.list('')).filter(({ path }) => !path.startsWith('_delta_log/'));
  const needed = new Set(
    files.flatMap((file) => [
      file.path,
      ...(file.deletionVector ? [vectorPath(file.deletionVector, folder)] : []),
    ]),
  );
  expect(left.map(({ path }) => path)).toEqual([...needed].sort());
}, 0);

test.each([
  ['', {}],
  ['of deletion vectors ', marking],
])(
  'a writer %skilled while it adds, deletes and joins leaves the table before or after each of them',
  async (_, configuration) => {
    const folder = testFolder();
    await DeltaTable.create(folder, {
      schema: [{ name: 'k', type: 'long', nullable: false }],
      configuration,
    });
    let round = 0;
    for (let kill = 0; kill < Math.ceil(kills / 2); kill++) {
      const child = start('tidies', folder, String(round), '1000');
      await printed(child, kill % 2 === 0 ? `done ${round + 1}` : 'ready');
      const exited = once(child, 'exit');
      // As above: the instants are what is tested.
      await new Promise((resolve) => setTimeout(resolve, (kill * 53) % 160));
      child.kill('SIGKILL');
      await exited;
      const table = await DeltaTable.open(folder);
      const snapshot = await table.snapshot();
      const steps = [...snapshot.transactions.keys()];
      const added = steps.filter((step) => step.startsWith('add-')).length;
      const deleted = steps.filter((step) => step.startsWith('delete-')).length;
      expect(added - deleted === 0 || added - deleted === 1).toBe(true);
      const expected = Array.from({ length: added * 10 }, (_, k) => k).filter(
        (k) => k % 10 < 5 || k >= deleted * 10,
      );
      const rows = await rowsOf(connection, `SELECT k FROM ${scanSql(table, snapshot)} ORDER BY k`);
      expect(rows.map(({ k }) => Number(k))).toEqual(expected);
      round = Math.max(0, added - 1);
    }
    expect(round).toBeGreaterThan(5);
  },
  0,
);
