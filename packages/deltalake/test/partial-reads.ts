import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { append, deleteWhere, DeltaTable, fetchScan, scanSql, upsert } from '../src/index.ts';
import type { Field, ObjectStore, ScanOptions } from '../src/index.ts';
import { predicateSql } from '../src/predicate.ts';
import type { StagingOptions } from '../src/staged-store.ts';
import { rowsOf, testConnection } from './workspace.ts';

const schema: Field[] = [
  { name: 'id', type: 'long', nullable: false },
  { name: 'text', type: 'string', nullable: true },
  { name: 'day', type: 'date', nullable: true },
  ...Array.from({ length: 6 }, (_, i): Field => ({ name: `v${i}`, type: 'double', nullable: true })),
];
const rowCount = 300_000;
/** What DuckDB puts into a row group. */
const groupRows = 122_880;
const source = `(SELECT i AS id, 'text ' || lpad((i // 7)::VARCHAR, 8, '0') AS text, DATE '2000-01-01' + (i // 1000)::INT AS day,
  ${Array.from({ length: 6 }, (_, v) => `random() AS v${v}`).join()} FROM range(${rowCount}) r(i))`;

/** Beside the pages: the end of the file with the footer, and gaps that are not worth a request of their own. */
const slackBytes = 64 * 1024 + 4 * 16 * 1024;

/** What is looked for, and the row groups that may hold it. */
const ruledOut = [
  ['a number', { column: 'id', is: '=', value: groupRows + 5 }, [1]],
  [
    'a range',
    {
      and: [
        { column: 'id', is: '>=', value: 10 },
        { column: 'id', is: '<', value: 20 },
      ],
    },
    [0],
  ],
  [
    'a text',
    { column: 'text', is: '>=', value: `text ${String(Math.floor(290_000 / 7)).padStart(8, '0')}` },
    [2],
  ],
  ['a date', { column: 'day', is: '<', value: '2000-02-01' }, [0]],
  [
    'either end',
    {
      or: [
        { column: 'id', is: '<', value: 5 },
        { column: 'id', in: [rowCount - 1] },
      ],
    },
    [0, 2],
  ],
  ['the absence of a value', { column: 'id', isNull: true }, []],
] as const;

/**
 * That of a table elsewhere only those bytes travel that a query needs, with the same rows as ever.
 *
 * @param open makes a new store, and says how many bytes of its objects were fetched through it
 */
export function partialReads(
  name: string,
  open: (options: StagingOptions) => {
    store: ObjectStore & { dispose: () => Promise<void> };
    fetchedBytes: () => number;
  },
): void {
  describe(`${name}: reading parts of files`, async () => {
    const connection = await testConnection();

    /** A table of three row groups, and how a scan of it is counted. */
    async function bigTable(options: StagingOptions = {}) {
      const { store, fetchedBytes } = open(options);
      onTestFinished(() => store.dispose());
      const table = await DeltaTable.create(store, { schema });
      await append(connection, table, { source });
      const snapshot = await table.snapshot();
      const [file] = snapshot.files;
      const metadata = await rowsOf(
        connection,
        `SELECT row_group_id AS g, path_in_schema AS c, total_compressed_size AS n FROM parquet_metadata('${table.uriOf(file!)}')`,
      );
      /** What a query must read at least. */
      const pagesOf = (columns: readonly string[], groups: readonly number[]) =>
        metadata
          .filter(({ g, c }) => columns.includes(String(c)) && groups.includes(Number(g)))
          .reduce((sum, { n }) => sum + Number(n), 0);
      await connection.run(`CREATE OR REPLACE TEMP TABLE whole AS SELECT * FROM ${scanSql(table, snapshot)}`);
      await store.dispose();
      const scan = async (scanOptions: ScanOptions, select = '*') => {
        const before = fetchedBytes();
        const sql = await fetchScan(table, await table.snapshot(), scanOptions);
        const rows = await rowsOf(connection, `SELECT ${select} FROM ${sql}`);
        return { rows, bytes: fetchedBytes() - before };
      };
      return { table, store, pagesOf, scan, sizeBytes: file!.size, fetchedBytes };
    }

    test('some columns: their pages and the footer travel, once', async () => {
      const { scan, pagesOf, sizeBytes } = await bigTable();
      const pages = pagesOf(['id', 'v3'], [0, 1, 2]);
      const { rows, bytes } = await scan({ columns: ['id', 'v3'] }, 'sum(id) AS i, round(sum(v3), 3) AS v');
      expect(rows).toEqual(
        await rowsOf(connection, 'SELECT sum(id) AS i, round(sum(v3), 3) AS v FROM whole'),
      );
      expect(bytes).toBeGreaterThanOrEqual(pages);
      expect(bytes).toBeLessThanOrEqual(pages + slackBytes);
      expect(bytes).toBeLessThan(sizeBytes / 3);
      expect((await scan({ columns: ['v3'] }, 'count(v3) AS n')).bytes).toBe(0);
      const more = await scan(
        { columns: ['text', 'v3'] },
        'count(DISTINCT text) AS n, round(sum(v3), 3) AS v',
      );
      expect(more.rows).toEqual(
        await rowsOf(connection, 'SELECT count(DISTINCT text) AS n, round(sum(v3), 3) AS v FROM whole'),
      );
      expect(more.bytes).toBeLessThanOrEqual(pagesOf(['text'], [0, 1, 2]) + slackBytes);
      expect((await scan({ columns: [], fileIndex: true }, 'count(*) AS n')).rows).toEqual([
        { n: String(rowCount) },
      ]);
    });

    test('what is looked for rules row groups out, whose pages stay where they are', async () => {
      const { scan, pagesOf, store } = await bigTable();
      const columns = ['id', 'text', 'day', 'v0'];
      const select = 'count(*) AS n, sum(id) AS i, round(sum(v0), 6) AS v';
      for (const [what, where, groups] of ruledOut) {
        await store.dispose();
        const { rows, bytes } = await scan({ columns, where }, select);
        const condition = predicateSql(where, schema);
        expect(rows, what).toEqual(
          await rowsOf(connection, `SELECT ${select} FROM whole WHERE ${condition}`),
        );
        const pages = pagesOf(columns, groups);
        expect(bytes, what).toBeGreaterThanOrEqual(pages);
        expect(bytes, what).toBeLessThanOrEqual(pages + slackBytes);
      }
    });

    test('rows that are gone stay gone where parts of a file are read, and what a change needs is its columns', async () => {
      const { table, scan, store, pagesOf, fetchedBytes } = await bigTable();
      await table.enableDeletionVectors();
      const before = fetchedBytes();
      await deleteWhere(connection, table, { where: { column: 'id', in: [3, groupRows + 5] } });
      await upsert(connection, table, {
        key: 'id',
        compare: ['v1'],
        source: `(SELECT i AS id, 2.0 AS v1 FROM (VALUES (7), (${groupRows + 9})) r(i))`,
      });
      await store.dispose();
      expect(fetchedBytes() - before).toBeLessThan(
        2 *
          pagesOf(
            schema.map(({ name: column }) => column),
            [0, 1, 2],
          ),
      );
      const where = { column: 'id', is: '<=', value: groupRows + 10 } as const;
      expect(
        (await scan({ columns: ['id', 'v1'], where }, 'count(*) AS n, count(*) FILTER (v1 = 2) AS changed'))
          .rows,
      ).toEqual([{ n: String(groupRows + 9), changed: '2' }]);
    });

    test('a column that was not fetched is an error, never other values', async () => {
      const { table } = await bigTable();
      const snapshot = await table.snapshot();
      const sql = await fetchScan(table, snapshot, { columns: ['id'] });
      const address = /'([^']*\.columns)'/.exec(sql)?.[1] ?? '';
      expect(existsSync(address)).toBe(true);
      await expect(
        connection.runAndReadAll(`SELECT sum(v0) FROM read_parquet('${address}')`),
      ).rejects.toThrow();
    });

    test('no more is kept than allowed: what was used longest ago goes', async () => {
      const parent = mkdtempSync(join(tmpdir(), 'deltalake-test-'));
      onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
      const { table, scan, pagesOf } = await bigTable({ temporaryFolder: parent, maxStagedBytes: 4_000_000 });
      const one = (v: number) =>
        scan({ columns: ['id', `v${v}`], where: { column: 'id', is: '<', value: 5 } }, 'count(*) AS n');
      expect(pagesOf(['id', 'v0'], [0])).toBeGreaterThan(800_000);
      for (let round = 0; round < 2; round++)
        for (let v = 0; v < 6; v++) expect((await one(v)).rows).toEqual([{ n: '5' }]);
      await expect(scan({})).rejects.toMatchObject({ code: 'storage_full' });
      expect((await one(0)).rows).toEqual([{ n: '5' }]);
      expect(table.uriOf((await table.snapshot()).files[0]!).startsWith(parent)).toBe(true);
    });

    test('what a killed process left is removed, and nothing of one that lives', async () => {
      const parent = mkdtempSync(join(tmpdir(), 'deltalake-test-'));
      onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
      const machine = hostname().replaceAll(/[^A-Za-z0-9.]/g, '.');
      // No process has a number of 2^30.
      const folders = [
        `delta-staged-${machine}-1073741824-abc123`,
        `delta-staged-${machine}-${process.ppid}-abc123`,
        `delta-staged-elsewhere.x-1073741824-abc123`,
        'other',
      ];
      for (const folder of folders) {
        mkdirSync(join(parent, folder));
        writeFileSync(join(parent, folder, 'file'), 'x');
      }
      const { store } = open({ temporaryFolder: parent });
      const own = dirname(store.uri('x'));
      expect(readdirSync(parent).sort()).toEqual([...folders.slice(1), own.slice(parent.length + 1)].sort());
      await store.dispose();
      expect(readdirSync(parent).sort()).toEqual(folders.slice(1).sort());
    });
  });
}
