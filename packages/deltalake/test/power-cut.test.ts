import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { append, deleteWhere, DeltaTable, DeltaError, optimize, overwrite, upsert } from '../src/index.ts';
import type { Field } from '../src/index.ts';
import { PowerCuts, type PowerCut } from './power-cut.ts';
import { tableRows, testConnection, testFolder } from './workspace.ts';

const connection = await testConnection();
const schema: Field[] = [
  { name: 'id', type: 'long', nullable: true },
  { name: 'a', type: 'string', nullable: true },
];
const rows = (from: number, to: number, a: string): string =>
  `(SELECT i AS id, '${a}' AS a FROM range(${from}, ${to}) r(i))`;

interface Seen {
  readonly version: number;
  readonly rows: unknown;
}

async function seenIn(folder: string): Promise<Seen> {
  const table = await DeltaTable.open(folder);
  const found = await tableRows(connection, table);
  return {
    version: (await table.snapshot()).version,
    rows: found.sort((a, b) => Number(a['id']) - Number(b['id'])),
  };
}

/** Somebody else goes on with what was left: what was found there does not hinder the next change. */
async function goOn(folder: string): Promise<void> {
  const table = await DeltaTable.open(folder);
  const { version } = await table.snapshot();
  const added = await append(connection, table, { source: rows(900, 901, 'on') });
  expect(added.version).toBe(version + 1);
  await table.vacuum({ retentionMs: 0 });
  expect((await seenIn(folder)).rows).toContainEqual({ id: '900', a: 'on' });
}

const changes: Record<string, (table: DeltaTable) => Promise<unknown>> = {
  append: (table) => append(connection, table, { source: rows(100, 104, 'new') }),
  upsert: (table) => upsert(connection, table, { key: 'id', compare: ['a'], source: rows(5, 25, 'changed') }),
  delete: (table) => deleteWhere(connection, table, { where: { column: 'id', is: '>=', value: 8 } }),
  overwrite: (table) => overwrite(connection, table, { source: rows(0, 2, 'over') }),
  optimize: (table) => optimize(connection, table),
  restore: (table) => table.restore(1),
  commit: async (table) => table.commit(await table.snapshot(), { operation: 'WRITE' }),
};

describe.each([
  ['rewritten files', 'false'],
  ['deletion vectors', 'true'],
])('with %s, when the power fails', (_, vectors) => {
  test.each(Object.entries(changes))(
    'at any step of %s, a table is as before or after',
    async (_name, change) => {
      const folder = join(testFolder(), 'table');
      const options = { configuration: { 'delta.enableDeletionVectors': vectors } };
      const made = await DeltaTable.create(folder, { schema, ...options });
      for (let from = 0; from < 20; from += 10)
        await append(connection, made, { source: rows(from, from + 10, 'old') });
      const before = await seenIn(folder);
      const cuts = new PowerCuts(folder);
      // With a checkpoint: the change's own version is the fourth.
      const table = await DeltaTable.open(folder, { checkpointInterval: 3 });
      const { during, after } = await cuts.during(() => change(table));
      const changed = await seenIn(folder);
      expect(changed.version).toBe(before.version + 1);
      expect(during.length).toBeGreaterThan(10);
      const seen = await Promise.all(
        during.map(async (cut) => ({ at: cut.at, ...(await seenIn(cut.folder)) })),
      );
      for (const { at, ...state } of seen)
        expect([
          { at, ...before },
          { at, ...changed },
        ]).toContainEqual({ at, ...state });
      // Some are of each kind, or the instants are not those that matter.
      expect(new Set(seen.map(({ version }) => version))).toEqual(new Set([before.version, changed.version]));
      for (const { at, folder: left } of after)
        expect({ at, ...(await seenIn(left)) }).toEqual({ at, ...changed });
      for (const { folder: left } of [...sampled(during), ...after]) await goOn(left);
    },
  );
});

/** Going on from each costs more than looking at it. */
const sampled = (cuts: readonly PowerCut[]): PowerCut[] => cuts.filter((_, index) => index % 5 === 0);

test('when the power fails at any step of creating a table, it is not there, or is and empty', async () => {
  const above = testFolder();
  const folder = join(above, 'lake', 'table');
  const cuts = new PowerCuts(above);
  const { during, after } = await cuts.during(() => DeltaTable.create(folder, { schema }));
  const left = (cut: PowerCut): string => join(cut.folder, 'lake', 'table');
  for (const cut of during) {
    try {
      expect(await seenIn(left(cut))).toEqual({ version: 0, rows: [] });
    } catch (error) {
      if (!(error instanceof DeltaError)) throw error;
      expect([cut.at, error.code]).toEqual([cut.at, 'table_not_found']);
    }
    const again = await DeltaTable.create(left(cut), { schema });
    expect((await again.snapshot()).version).toBe(0);
  }
  for (const cut of after) expect(await seenIn(left(cut))).toEqual({ version: 0, rows: [] });
});

test('a writer that forgets to sync is found out', async () => {
  const folder = join(testFolder(), 'table');
  mkdirSync(folder);
  const cuts = new PowerCuts(folder);
  const { after } = await cuts.during(async () => {
    const elsewhere = join(testFolder(), 'table');
    const table = await DeltaTable.create(elsewhere, { schema });
    await append(connection, table, { source: rows(0, 3, 'x') });
    cpSync(elsewhere, folder, { recursive: true });
  });
  for (const { folder: left } of after) await expect(seenIn(left)).rejects.toBeInstanceOf(DeltaError);
});
