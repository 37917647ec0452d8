// Tables written by this package for other readers to check. Each gets NAME.expected.json beside its folder:
// the newest version, the history, the partition columns, and for every version the schema and the rows as this
// package reads them.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  append,
  deleteWhere,
  DeltaTable,
  optimize,
  overwrite,
  replaceWhere,
  scanSql,
  upsert,
} from '../dist/index.js';
import { canonicalRows } from './canonical-rows.mjs';

const nullable = (fields) => fields.map(([name, type]) => ({ name, type, nullable: true }));
const values = (columns, rows) =>
  `(SELECT * FROM (VALUES ${rows}) v(${columns.map((name) => `"${name.replaceAll('"', '""')}"`).join()}))`;

const everyType = nullable([
  ['id', 'long'],
  ['text', 'string'],
  ['whole', 'integer'],
  ['half', 'short'],
  ['tiny', 'byte'],
  ['wide', 'double'],
  ['narrow', 'float'],
  ['flag', 'boolean'],
  ['day', 'date'],
  ['moment', 'timestamp'],
  ['price', 'decimal(10,2)'],
  ['bytes', 'binary'],
]);

const everyRow = (
  from,
  to,
) => `(SELECT i::BIGINT AS id, CASE WHEN i % 5 > 0 THEN 'täxt 😀 ' || i || repeat('x', (i * 7 % 60)::INT) END AS text,
  CASE WHEN i % 3 > 0 THEN i * 1000 END AS whole, i % 300 AS half, i % 100 AS tiny,
  CASE i % 7 WHEN 0 THEN NULL WHEN 1 THEN 'nan'::DOUBLE WHEN 2 THEN 'infinity'::DOUBLE WHEN 3 THEN -0.0 ELSE i / 3.0 END AS wide,
  (i / 7.0)::FLOAT AS narrow, CASE WHEN i % 4 > 0 THEN i % 2 = 0 END AS flag, DATE '1969-12-20' + i::INT AS day,
  TIMESTAMPTZ '1999-12-31 23:59:59.123456+00' + INTERVAL (i * 37) MINUTE AS moment,
  CASE WHEN i % 6 > 0 THEN (i + 0.25)::DECIMAL(10, 2) END AS price, encode('b' || i) AS bytes FROM range(${from}, ${to}) r(i))`;

const columns = (schema) => schema.map(({ name }) => name);
const without = (schema, key) => columns(schema).filter((name) => name !== key);

export const tables = {
  async empty({ create }) {
    await create(everyType);
  },

  async every_type({ create, connection }) {
    const table = await create(everyType, { name: 'every type', description: 'all columns, nulls in most' });
    await append(connection, table, { source: everyRow(0, 50) });
    await append(connection, table, { source: everyRow(50, 60) });
    await append(connection, table, { source: everyRow(0, 0) });
  },

  async upserts({ create, connection }) {
    const table = await create(everyType);
    await upsert(connection, table, {
      key: 'id',
      compare: without(everyType, 'id'),
      source: everyRow(0, 40),
      txn: { appId: 'u1', version: 1 },
      info: { upload: 'u1' },
    });
    const changed = `(SELECT * REPLACE (CASE WHEN id < 20 THEN 'changed' ELSE text END AS text) FROM ${everyRow(10, 50)})`;
    await upsert(connection, table, {
      key: 'id',
      compare: without(everyType, 'id'),
      source: changed,
      txn: { appId: 'u2', version: 1 },
    });
    await upsert(connection, table, {
      key: 'id',
      compare: without(everyType, 'id'),
      source: changed,
      txn: { appId: 'u3', version: 1 },
    });
  },

  async restored({ create, connection }) {
    const table = await create(everyType);
    await append(connection, table, { source: everyRow(0, 5) });
    await upsert(connection, table, {
      key: 'id',
      compare: ['text'],
      source: `(SELECT id, 'y' AS text FROM ${everyRow(3, 8)})`,
    });
    await table.restore(1);
    await append(connection, table, { source: everyRow(20, 22) });
  },

  async deleted({ create, connection }) {
    const table = await create(everyType);
    for (let i = 0; i < 30; i += 10) await append(connection, table, { source: everyRow(i, i + 10) });
    await deleteWhere(connection, table, {
      where: { or: [{ column: 'id', is: '>=', value: 17 }, { not: { column: 'id', in: [1, 2, 11, 12] } }] },
      txn: { appId: 'd1', version: 1 },
    });
    await deleteWhere(connection, table, { where: { column: 'text', isNull: true } });
    await replaceWhere(connection, table, {
      where: { column: 'id', is: '<', value: 30 },
      source: () => everyRow(100, 110),
      info: { undo: 'u1' },
    });
    await deleteWhere(connection, table, { where: { and: [] } });
  },

  async deletion_vectors({ create, connection }) {
    const table = await create(everyType, {
      configuration: { 'delta.enableDeletionVectors': 'true' },
      checkpointInterval: 4,
    });
    await append(connection, table, { source: everyRow(0, 40) });
    await append(connection, table, { source: everyRow(40, 60) });
    const change = (from, to, text) =>
      upsert(connection, table, {
        key: 'id',
        compare: ['text'],
        source: `(SELECT * REPLACE ('${text}' AS text) FROM ${everyRow(from, to)})`,
      });
    await change(5, 12, 'marked');
    await deleteWhere(connection, table, { where: { column: 'id', in: [0, 10, 39, 59] } });
    await change(50, 70, 'marked twice');
    await deleteWhere(connection, table, { where: { column: 'text', isNull: true } });
    await table.restore(4);
    await upsert(connection, table, {
      key: 'id',
      compare: ['text'],
      source: `(SELECT id, 'a part' AS text FROM ${everyRow(20, 24)})`,
    });
    await optimize(connection, table);
    await change(30, 31, 'after all');
    await table.checkpoint();
  },

  async deletion_vectors_later({ create, connection }) {
    const table = await create(everyType, { partitionColumns: ['flag'] });
    await append(connection, table, { source: everyRow(0, 40) });
    await table.enableDeletionVectors();
    await deleteWhere(connection, table, { where: { column: 'id', in: [1, 2, 3, 4] } });
    await upsert(connection, table, {
      key: 'id',
      compare: ['flag'],
      source: `(SELECT id, true AS flag FROM ${everyRow(8, 14)})`,
    });
  },

  async long_vectors({ create, connection }) {
    const table = await create(nullable([['id', 'long']]), {
      configuration: { 'delta.enableDeletionVectors': 'true' },
    });
    await append(connection, table, { source: '(SELECT i AS id FROM range(400000) r(i))' });
    const between = (from, to) => ({
      and: [
        { column: 'id', is: '>=', value: from },
        { column: 'id', is: '<=', value: to },
      ],
    });
    await deleteWhere(connection, table, { where: between(70_000, 120_000) });
    const sparse = Array.from({ length: 6000 }, (_, i) => i * 3);
    await deleteWhere(connection, table, {
      where: { or: [{ column: 'id', in: [...sparse, 131_072, 399_999] }, between(200_000, 200_100)] },
    });
  },

  async overwritten({ create, connection }) {
    const table = await create(everyType);
    await append(connection, table, { source: everyRow(0, 10) });
    await overwrite(connection, table, { source: everyRow(5, 8), txn: { appId: 'o1', version: 1 } });
    await overwrite(connection, table, {
      source: everyRow(8, 9),
      schema: [...everyType, ...nullable([['later', 'string']])],
    });
  },

  async grown({ create, connection }) {
    const before = nullable([
      ['id', 'long'],
      ['size', 'long'],
      ['code', 'double'],
      ['day', 'date'],
    ]);
    const table = await create(before);
    await append(connection, table, {
      source: values(columns(before), "(1, 10, 1.5, DATE '2020-01-01'), (2, NULL, NULL, NULL)"),
    });
    const newColumn = [...before, ...nullable([['later', 'string']])];
    await upsert(connection, table, {
      key: 'id',
      compare: ['size'],
      schema: newColumn,
      source: values(columns(newColumn), "(3, 30, 3.5, DATE '2020-01-03', 'x')"),
    });
    const wider = nullable([
      ['id', 'long'],
      ['size', 'double'],
      ['code', 'string'],
      ['day', 'timestamp'],
      ['later', 'string'],
    ]);
    await upsert(connection, table, {
      key: 'id',
      compare: ['size', 'later'],
      schema: wider,
      source: values(columns(wider), "(1, 10.5, 'A', TIMESTAMPTZ '2020-01-01 10:00:00+00', 'y')"),
    });
  },

  async odd_names({ create, connection }) {
    const odd = nullable([
      ['a b', 'long'],
      ['q"uote', 'string'],
      ["'; DROP TABLE t; --", 'string'],
      ['naïve 列 😀', 'double'],
      ['dot.ted', 'long'],
      ['`back`', 'long'],
      ['a,b;c{d}(e)=f', 'string'],
      ['file_index', 'long'],
      ['filename', 'string'],
    ]);
    const table = await create(odd);
    await append(connection, table, {
      source: values(
        columns(odd),
        "(1, 'x', 'p', 1.5, 1, 1, 'e', 7, 'f'), (2, 'y', NULL, NULL, 2, NULL, NULL, 8, NULL)",
      ),
    });
    await upsert(connection, table, {
      key: 'a b',
      compare: without(odd, 'a b'),
      source: values(
        columns(odd),
        "(2, 'yy', 'q', 2.5, 2, 2, 'e', 9, 'g'), (3, 'z', NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
      ),
    });
  },

  async spark_names({ create, connection }) {
    const table = await create(
      nullable([
        ['id', 'long'],
        ['dot.ted', 'long'],
        ['größe', 'string'],
        ['select', 'string'],
      ]),
    );
    await append(connection, table, {
      source: values(['id', 'dot.ted', 'größe', 'select'], "(1, 1, 'x', 'p'), (2, NULL, NULL, NULL)"),
    });
  },

  async partitioned({ create, connection }) {
    const table = await create(everyType, {
      partitionColumns: ['flag', 'tiny', 'day', 'price', 'text'],
      checkpointInterval: 3,
    });
    await append(connection, table, { source: everyRow(0, 12) });
    await append(connection, table, { source: everyRow(12, 20) });
    await upsert(connection, table, {
      key: 'id',
      compare: ['flag'],
      source: `(SELECT id, true AS flag, text FROM ${everyRow(3, 25)})`,
    });
    await deleteWhere(connection, table, { where: { column: 'flag', isNull: true } });
  },

  async partitioned_by_text({ create, connection }) {
    const names = ['id', 'plant'];
    const table = await create(
      nullable([
        ['id', 'long'],
        ['plant', 'string'],
      ]),
      { partitionColumns: ['plant'] },
    );
    for (let i = 0; i < 3; i++)
      await append(connection, table, {
        source: values(names, `(${i}, 'Wolfsburg'), (${i + 10}, 'ä/b=c %20 😀'), (${i + 20}, NULL)`),
      });
    await optimize(connection, table);
    await overwrite(connection, table, { source: values(names, "(1, 'Emden'), (2, NULL)") });
  },

  async optimized({ create, connection }) {
    const table = await create(everyType, { configuration: { 'delta.appendOnly': 'true' } });
    for (let i = 0; i < 6; i++) await append(connection, table, { source: everyRow(i * 3, i * 3 + 3) });
    await optimize(connection, table);
    await append(connection, table, { source: everyRow(20, 21) });
  },

  async cleaned({ create, connection, open }) {
    const table = await create(everyType, { checkpointInterval: 4 });
    for (let i = 0; i < 10; i++)
      await append(connection, table, { source: everyRow(i, i + 1), txn: { appId: 'loader', version: i } });
    const monthMs = 30 * 24 * 60 * 60 * 1000;
    await (await open({ clock: () => Date.now() + monthMs + 1000 })).cleanLog({ retentionMs: monthMs });
  },

  async required({ create, connection }) {
    const id = { name: 'id', type: 'long', nullable: false };
    const names = ['id', 'text'];
    const text = nullable([['text', 'string']]);
    const table = await create([id, ...text]);
    await append(connection, table, { source: values(names, "(1, 'x'), (2, NULL)") });
    await append(connection, table, {
      source: values(['id', 'text', 'later'], "(3, 'y', 0.5)"),
      schema: [id, ...text, ...nullable([['later', 'double']])],
    });
    await append(connection, table, {
      source: values(names, "(NULL, 'z')"),
      schema: [{ ...id, nullable: true }, ...text, ...nullable([['later', 'double']])],
    });
  },

  async timed({ create, connection }) {
    const table = await create(everyType);
    for (let i = 0; i < 3; i++) {
      await append(connection, table, { source: everyRow(i, i + 1) });
      await setTimeout(100); // Readers that go by the files' times must not find two in one moment.
    }
    const versions = (await table.history())
      .slice(1, -1) // Spark has none after the newest.
      .map(({ timestamp, version }) => [timestamp.getTime(), version]);
    return {
      moments: Object.fromEntries(
        versions.map(([ms, version]) => [new Date(ms + 50).toISOString(), version]),
      ),
    };
  },

  async checkpointed({ create, connection }) {
    const table = await create(everyType, { checkpointInterval: 4 });
    for (let i = 0; i < 9; i++)
      await append(connection, table, { source: everyRow(i, i + 1), txn: { appId: `u${i}`, version: i } });
    await upsert(connection, table, {
      key: 'id',
      compare: ['text'],
      source: `(SELECT 3 AS id, 'changed' AS text)`,
    });
    await table.checkpoint();
  },
};

/** A version's columns as `[name, type, nullable]`. */
export const schemaOf = ({ schema }) => schema.map(({ name, type, nullable: may }) => [name, type, may]);

/** What a table's history has as `[version, operation]`, oldest first. */
export const operationsOf = (history) => history.map(({ version, operation }) => [version, operation]);

/** Writes all tables into an empty folder. */
export async function writeTables(folder, connection) {
  for (const [name, write] of Object.entries(tables)) {
    const place = join(folder, name);
    const { moments } =
      (await write({
        connection,
        create: (schema, options = {}) => DeltaTable.create(place, { schema, ...options }),
        open: (options) => DeltaTable.open(place, options),
      })) ?? {};
    await writeExpected(folder, name, connection, moments);
  }
}

/** Goes on with tables of ours after another writer did. */
export async function continueTables(folder, connection) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const { name } = entry;
    if (!entry.isDirectory()) continue;
    const table = await DeltaTable.open(join(folder, name));
    const { schema } = await table.snapshot();
    const rows = async (change) =>
      `(SELECT * REPLACE (${change} AS id) FROM ${scanSql(table, await table.snapshot())} ORDER BY id LIMIT 3)`;
    await append(connection, table, { source: await rows('id + 5000') });
    await upsert(connection, table, {
      key: 'id',
      compare: without(schema, 'id'),
      source: await rows('CASE WHEN id % 2 = 0 THEN id + 5000 ELSE id + 7000 END'),
    });
    await deleteWhere(connection, table, { where: { column: 'id', in: [3, 5000, 1000] } });
    await optimize(connection, table);
    await writeExpected(folder, name, connection);
  }
}

async function writeExpected(folder, name, connection, moments) {
  const table = await DeltaTable.open(join(folder, name));
  const { version: newest, metadata } = await table.snapshot();
  const history = await table.history();
  const versions = {};
  for (const { version } of history) {
    const snapshot = await table.snapshot(version);
    const rows = await canonicalRows(connection, scanSql(table, snapshot), snapshot.schema);
    versions[version] = { rows, schema: schemaOf(snapshot) };
  }
  const expected = {
    newest,
    history: operationsOf(history),
    partitionColumns: metadata.partitionColumns,
    versions,
    moments,
  };
  writeFileSync(join(folder, `${name}.expected.json`), JSON.stringify(expected));
}
