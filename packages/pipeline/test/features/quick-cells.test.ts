import type { DuckDBConnection } from '@duckdb/node-api';
import type { CellFormat, ColumnType } from '@kaefer/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plainCell } from '../../src/features/cell-formats.ts';
import { cellPatterns } from '../../src/features/cell-patterns.ts';
import { notUnderstood, parseCell } from '../../src/features/parse-cell.ts';
import { allRows, loadDuckdb, oneRow } from '../../src/sql/connection.ts';
import { quoteText } from '../../src/sql/quote.ts';
import { hasLeadingZerosSql, readCellInSteps, readCellSql } from '../../src/understand/cell-sql.ts';

// Most cells are told to be numbers without a pattern. That this is the same is shown on every text of up to four of the
// characters that could make a difference, and on longer ones around the borders.
const characters = [...'019.-+eE_ xbinfa,/:', '\t', '\n', '\r', '\f', '\v', '\u00a0'];
const longer = [
  ...['9', '99', '999'].flatMap((end) => [`12345678901234${end}`, `-12345678901234${end}`]),
  ...['123456789012345678', '-123456789012345678', '1234567890123456789', '0123456789012345678'],
  ...['1e0001', '1e-400', '1e400', '0.1e+0005', '1_000.5', '00.000001', '+00012', ' 00012', '-00012', '1.e5'],
  ...['9007199254740993', '90071992547409930000', '0.1234567890123456789', '1234567890123456.5'],
];
let connection: DuckDBConnection;

beforeAll(async () => {
  const instance = await loadDuckdb().DuckDBInstance.create(':memory:', { threads: '2' });
  connection = await instance.connect();
  const list = (texts: readonly string[]): string => `unnest([${texts.map(quoteText).join(', ')}])`;
  await connection.run(`CREATE TABLE characters AS SELECT ${list([...characters, ''])} AS c`);
  await connection.run(
    `CREATE TABLE cells AS SELECT DISTINCT a.c || b.c || d.c || e.c AS c0 FROM characters a, characters b, characters d, characters e
     UNION SELECT ${list(longer)}`,
  );
});

afterAll(() => connection.closeSync());

/** SQL of the reading in steps, as the column `v0` of a relation that has `c0` as well. */
function stepped(type: ColumnType, format: CellFormat, refusesZeros: boolean): string {
  const { steps, value } = readCellInSteps(0, type, 'c0', format, refusesZeros);
  const relation = steps.reduce(
    (from, step) => (step === undefined ? from : `(SELECT *, ${step} FROM ${from})`),
    'cells',
  );
  return `(SELECT c0, ${value} AS v0 FROM ${relation})`;
}

const asked = (['integer', 'number'] as const).flatMap((type) =>
  (['plain', 'decimal_comma', 'grouped_point'] as const).map((format) => ({ type, format })),
);

test.each(asked)(
  '$type written $format: by the quick way what the pattern says',
  async ({ type, format }) => {
    const pattern = quoteText(cellPatterns[type]);
    const cast = type === 'integer' ? 'BIGINT' : 'DOUBLE';
    // What needs no more than the pattern: texts so short keep their digits.
    const plainly = `CASE WHEN regexp_full_match(c0, ${pattern}) AND isfinite(TRY_CAST(c0 AS DOUBLE)) THEN TRY_CAST(c0 AS ${cast}) END`;
    const read = readCellSql(type, 'c0', format);
    if (format === 'plain') {
      const { n, given } = await oneRow(
        connection,
        `SELECT count(*) FILTER (${read} IS DISTINCT FROM ${plainly}) AS n, count(${plainly}) AS given FROM cells WHERE strlen(c0) <= 15`,
      );
      expect(Number(given)).toBeGreaterThan(1000);
      expect(Number(n)).toBe(0);
    }
    for (const refusesZeros of [false, true]) {
      const wanted = refusesZeros ? `CASE WHEN NOT ${hasLeadingZerosSql('c0')} THEN ${read} END` : read;
      const differing = await allRows(
        connection,
        `SELECT c0 FROM ${stepped(type, format, refusesZeros)} WHERE v0 IS DISTINCT FROM ${wanted} LIMIT 10`,
      );
      expect(differing).toEqual([]);
    }
  },
);

test.each(asked)('$type written $format: in SQL as in a record', async ({ type, format }) => {
  const rows = await connection.runAndReadAll(
    `SELECT c0, ${readCellSql(type, 'c0', format)} AS v0 FROM cells`,
  );
  const differing = rows.getRows().filter(([cell, value]) => {
    const plain = plainCell(type, format, String(cell));
    const parsed = plain === undefined ? notUnderstood : parseCell(type, plain);
    // A whole number's column becomes one of decimals where a file has them; a record need not.
    if (type === 'integer' && value === null) return false;
    return (value === null ? null : Number(value)) !== (parsed === notUnderstood ? null : parsed);
  });
  expect(differing.slice(0, 10)).toEqual([]);
});
