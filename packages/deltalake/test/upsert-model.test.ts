import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DeltaTable, planUpsert, quoteText, upsert } from '../src/index.ts';
import type { Field } from '../src/index.ts';
import { tableRows, testConnection, testFolder } from './workspace.ts';

/** A row of the model; all values as DuckDB's JSON gives them. */
interface Row {
  key: string;
  a: string | null;
  b: number | null;
  upload: string;
}

/** What a table is, said as simply as possible: files of rows. */
class Model {
  files: { stored: number; rows: Row[] }[] = [];
  readonly #marks: boolean;

  constructor(marks: boolean) {
    this.#marks = marks;
  }

  upsert(
    source: readonly Row[],
    deleteUnmatched: boolean,
  ): { inserted: number; updated: number; unchanged: number; deleted: number } {
    const bySource = new Map(source.map((row) => [row.key, row]));
    const differs = (old: Row): boolean => {
      const row = bySource.get(old.key);
      return row !== undefined && (row.a !== old.a || row.b !== old.b);
    };
    const known = new Set(this.rows.map(({ key }) => key));
    const updated = this.rows.filter(differs).length;
    const fresh = source.filter(({ key }) => !known.has(key));
    const goes = (old: Row): boolean => deleteUnmatched && !bySource.has(old.key);
    const deleted = this.rows.filter(goes).length;
    const left = (rows: readonly Row[]): Row[] => rows.filter((row) => !differs(row) && !goes(row));
    const isMarked = ({ stored, rows }: { stored: number; rows: Row[] }): boolean =>
      this.#marks && left(rows).length < rows.length && left(rows).length >= stored / 2;
    const marked = this.files.filter(isMarked).flatMap(({ rows }) => rows.filter(differs));
    const hit = this.files.filter((file) => left(file.rows).length < file.rows.length && !isMarked(file));
    const kept = this.files
      .filter((file) => !hit.includes(file))
      .map(({ stored, rows }) => ({ stored, rows: left(rows) }));
    const rewritten = hit
      .flatMap(({ rows }) => rows)
      .filter((row) => !goes(row))
      .map((row) => (differs(row) ? bySource.get(row.key)! : row));
    const moved = source.filter((row) => fresh.includes(row) || marked.some(({ key }) => key === row.key));
    const written = [rewritten, moved].filter((rows) => rows.length > 0);
    this.files = [...kept, ...written.map((rows) => ({ stored: rows.length, rows }))];
    return { inserted: fresh.length, updated, unchanged: source.length - fresh.length - updated, deleted };
  }

  get rows(): Row[] {
    return this.files.flatMap(({ rows }) => rows);
  }
}

const connection = await testConnection();
const literal = (value: string | number | null): string =>
  value === null ? 'NULL' : typeof value === 'number' ? String(value) : quoteText(value);
const sqlOf = (rows: readonly Row[]): string =>
  rows.length === 0
    ? `(SELECT '' AS key, '' AS a, 0 AS b, '' AS upload WHERE false)`
    : `(SELECT * FROM (VALUES ${rows.map(({ key, a, b, upload }) => `(${[key, a, b, upload].map(literal).join()})`).join()}) v(key, a, b, upload))`;

const rowsOf = (key: fc.Arbitrary<string>) =>
  fc.uniqueArray(
    fc.record({
      key,
      a: fc.option(fc.constantFrom('x', '', "it's", 'ß"', '😀'), { nil: null }),
      b: fc.option(fc.integer({ min: -2, max: 2 }), { nil: null }),
    }),
    { selector: (row) => row.key, maxLength: 12 },
  );

test.each([
  ['long', fc.integer({ min: -8, max: 12 }).map(String)],
  [
    'string',
    fc.constantFrom(
      '',
      'a',
      'A',
      'b',
      'ä',
      '\u{10000}',
      '\uffee',
      "o'k",
      'k'.repeat(40),
      `${'k'.repeat(40)}z`,
      '0',
      '00',
    ),
  ],
  ['date', fc.integer({ min: 1, max: 28 }).map((day) => `2024-02-${String(day).padStart(2, '0')}`)],
] as const)('any sequence of uploads gives what a simple model gives, key type %s', async (type, key) => {
  for (const marks of [false, true]) await checkUploads(type, key, marks);
});

async function checkUploads(
  type: 'long' | 'string' | 'date',
  key: fc.Arbitrary<string>,
  marks: boolean,
): Promise<void> {
  const schema: Field[] = [
    { name: 'key', type, nullable: false },
    { name: 'a', type: 'string', nullable: true },
    { name: 'b', type: 'integer', nullable: true },
    { name: 'upload', type: 'string', nullable: true },
  ];
  const uploads = fc.array(fc.tuple(rowsOf(key), fc.boolean()), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(uploads, fc.nat(), async (sequence, repeat) => {
      const configuration = { 'delta.enableDeletionVectors': String(marks) };
      const table = await DeltaTable.create(testFolder(), { schema, configuration });
      const model = new Model(marks);
      const versions: Row[][] = [];
      for (const [index, [rows, deleteUnmatched]] of sequence.entries()) {
        const upload = `u${index}`;
        const source = rows.map((row) => ({ ...row, upload }));
        const change = { key: 'key', compare: ['a', 'b'], source: sqlOf(source), deleteUnmatched };
        const plan = await planUpsert(connection, table, await table.snapshot(), change);
        const expected = model.upsert(source, deleteUnmatched);
        expect(plan).toMatchObject(expected);
        expect(await upsert(connection, table, { ...change, txn: { appId: upload, version: 1 } })).toEqual({
          ...expected,
          version: index + 1,
          alreadyDone: false,
        });
        versions.push(model.rows);
      }
      const again = repeat % sequence.length;
      const repeated = {
        key: 'key',
        compare: ['a'],
        source: sqlOf(sequence[again]![0].map((row) => ({ ...row, upload: 'again' }))),
      };
      expect(
        await upsert(connection, table, { ...repeated, txn: { appId: `u${again}`, version: 1 } }),
      ).toMatchObject({ alreadyDone: true, version: again + 1 });
      for (const [index, rows] of versions.entries())
        expect(await tableRows(connection, table, index + 1)).toEqual(rows);
      expect((await table.snapshot()).rowCount).toBe(model.rows.length);
    }),
    { numRuns: 25 },
  );
}
