import { once } from 'node:events';
import { expect, test } from 'vitest';
import { vectorPath } from '../src/deletion-vector.ts';
import { append, DeltaTable, optimize, scanSql, verifyLog } from '../src/index.ts';
import { keepRecord, Killer, kills, start } from './kill-record.ts';
import { rowsOf, tableRows, testConnection, testFolder } from './workspace.ts';

const connection = await testConnection();
const marking = { 'delta.enableDeletionVectors': 'true' };

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

test.each([
  ['', {}],
  [' in a table of deletion vectors', marking],
])(
  'writers in several processes race for the same keys%s: each key is one row, and none of the changes is lost',
  async (_, configuration) => {
    const folder = testFolder();
    const schema = [
      { name: 'k', type: 'long', nullable: false },
      { name: 'writer', type: 'string', nullable: true },
      { name: 'number', type: 'long', nullable: true },
    ] as const;
    const table = await DeltaTable.create(folder, { schema, configuration });
    const [writers, rounds] = [['a', 'b', 'c'], 10];
    const children = writers.map((name) => start('races', folder, name, String(rounds)));
    for (const { stdout } of children) stdout.resume();
    const ended = await Promise.all(children.map((child) => once(child, 'exit')));
    expect(ended.map(([code]) => code as unknown)).toEqual([0, 0, 0]);
    const history = await table.history();
    expect(history.map(({ version }) => version)).toEqual(
      Array.from({ length: writers.length * rounds + 1 }, (_unused, version) => version),
    );
    // What the changes make one after the other, in the order in which the log has them.
    const model = new Map<number, string>();
    const done = new Set<string>();
    for (const { version, txns, metrics } of history.slice(1)) {
      const [writer = '', number = ''] = txns[0]?.appId.split('-') ?? [];
      expect(txns).toHaveLength(1);
      done.add(`${writer}-${number}`);
      const keys = Array.from(
        { length: 20 },
        (_unused, i) => (i * 3 + Number(number) * 7 + writer.charCodeAt(0)) % 50,
      );
      const known = keys.filter((k) => model.has(k)).length;
      expect(metrics, `version ${version}`).toMatchObject({
        numTargetRowsInserted: String(20 - known),
        numTargetRowsUpdated: String(known),
      });
      for (const k of keys) model.set(k, `${writer}-${number}`);
      const rows = await tableRows(connection, table, version);
      expect(rows).toHaveLength(model.size);
      expect(
        new Map(rows.map((row) => [Number(row.k), `${String(row.writer)}-${String(row.number)}`])),
        `version ${version}`,
      ).toEqual(model);
    }
    expect(done.size).toBe(writers.length * rounds);
    expect(model.size).toBe(50);
  },
);

keepRecord();

test('a writer killed at any instant leaves the table before or after its change, nothing doubled', async () => {
  const folder = testFolder();
  const schema = [
    { name: 'k', type: 'long', nullable: false },
    { name: 'round', type: 'long', nullable: true },
  ] as const;
  await DeltaTable.create(folder, { schema });
  const killer = new Killer('upserts');
  let round = 0;
  for (let kill = 0; kill < kills; kill++) {
    // Every other child gets on for at least a round, however slow the machine; the others die where they are.
    const line = kill % 2 === 0 ? `done ${round + 1}` : 'ready';
    const reported = await killer.kill(['upserts', folder, String(round), '1000'], line);
    await killer.reading(async () => {
      const table = await DeltaTable.open(folder);
      const snapshot = await table.snapshot();
      const rounds = snapshot.transactions.size;
      const [seen] = await rowsOf(
        connection,
        `SELECT count(*) AS n, count(DISTINCT k) AS keys, count(*) FILTER (k < 100 AND round <> ${rounds - 1} OR k >= 100 AND round <> (k - 1000) // 10) AS wrong
         FROM ${scanSql(table, snapshot)}`,
      );
      const [n, keys] = [Number(seen?.n), Number(seen?.keys)];
      const missing = (rounds === 0 ? 0 : 100 + rounds * 10) - keys;
      killer.found(reported, rounds, { missing, doubled: n - keys, wrong: Number(seen?.wrong) });
      expect(missing).toBe(0);
      expect(snapshot.version).toBe(rounds);
      round = Math.max(0, rounds - 1); // The next process does the last round again: its transaction makes that harmless.
    });
  }
  expect(round).toBeGreaterThan(5);
  const table = await DeltaTable.open(folder);
  const { files } = await table.snapshot();
  await killer.vacuum(table);
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
  const killer = new Killer('upserts that mark rows');
  let round = 0;
  let vectors = 0;
  for (let kill = 0; kill < kills; kill++) {
    const line = kill % 2 === 0 ? `done ${round + 1}` : 'ready';
    const reported = await killer.kill(['marks', folder, String(round), '1000'], line);
    await killer.reading(async () => {
      const table = await DeltaTable.open(folder);
      const snapshot = await table.snapshot();
      const rounds = snapshot.transactions.size;
      const expected = `CASE WHEN ${rounds} - 1 >= k % 10 THEN ${rounds} - 1 - (${rounds} - 1 - k % 10) % 10 ELSE -1 END`;
      const [seen] = await rowsOf(
        connection,
        `SELECT count(*) AS n, count(DISTINCT k) AS keys, count(*) FILTER (k < 100 AND round <> ${expected} OR k >= 100 AND round <> (k - 1000) // 10) AS wrong,
         count(*) FILTER (k < 100) AS low FROM ${scanSql(table, snapshot)}`,
      );
      const [n, keys] = [Number(seen?.n), Number(seen?.keys)];
      const missing = 100 + rounds * 10 - keys;
      killer.found(reported, rounds, { missing, doubled: n - keys, wrong: Number(seen?.wrong) });
      expect([missing, seen?.low, snapshot.rowCount]).toEqual([0, '100', n]);
      expect(snapshot.version).toBe(rounds + 1);
      vectors += snapshot.files.filter(({ deletionVector }) => deletionVector).length;
      round = Math.max(0, rounds - 1);
    });
  }
  expect(round).toBeGreaterThan(5);
  expect(vectors).toBeGreaterThan(kills / 2);
  const table = await DeltaTable.open(folder);
  expect(await verifyLog(table.store)).toEqual([]);
  const { files } = await table.snapshot();
  await killer.vacuum(table);
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
  async (kind, configuration) => {
    const folder = testFolder();
    await DeltaTable.create(folder, {
      schema: [{ name: 'k', type: 'long', nullable: false }],
      configuration,
    });
    const killer = new Killer(`appends, deletes and joins ${kind}`.trim());
    let round = 0;
    for (let kill = 0; kill < Math.ceil(kills / 2); kill++) {
      const line = kill % 2 === 0 ? `done ${round + 1}` : 'ready';
      const reported = await killer.kill(['tidies', folder, String(round), '1000'], line);
      await killer.reading(async () => {
        const table = await DeltaTable.open(folder);
        const snapshot = await table.snapshot();
        const steps = [...snapshot.transactions.keys()];
        const added = steps.filter((step) => step.startsWith('add-')).length;
        const deleted = steps.filter((step) => step.startsWith('delete-')).length;
        const expected = Array.from({ length: added * 10 }, (_, k) => k).filter(
          (k) => k % 10 < 5 || k >= deleted * 10,
        );
        const rows = await rowsOf(connection, `SELECT k FROM ${scanSql(table, snapshot)} ORDER BY k`);
        const found = rows.map(({ k }) => Number(k));
        const [wanted, keys] = [new Set(expected), new Set(found)];
        killer.found(reported, steps.length, {
          missing: expected.filter((k) => !keys.has(k)).length,
          doubled: found.length - keys.size,
          wrong: [...keys].filter((k) => !wanted.has(k)).length,
        });
        expect(added - deleted === 0 || added - deleted === 1).toBe(true);
        expect(found).toEqual(expected);
        round = Math.max(0, added - 1);
      });
    }
    expect(round).toBeGreaterThan(5);
    await killer.vacuum(await DeltaTable.open(folder));
  },
  0,
);
