import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holm, logLoss } from '@kaefer/metrics';
import { cellsOf } from '../src/evaluate/feature-cells.ts';
import { exportHoldout } from '../src/evaluate/holdout-file.ts';
import { allRows } from '../src/sql/connection.ts';
import { quoteText } from '../src/sql/quote.ts';
import { simulateRows, TestProject, type Row } from './project.ts';
import { fileFolder, testConnection } from './workspace.ts';

const connection = await testConnection();
const names = { task: 'binary', target: 'failed', key: 'id', positive: 'yes' } as const;

/** With the second file x moves up by 4, and nothing else. */
const project = new TestProject(fileFolder(), names);
const before = simulateRows(2000, 0, 1);
const after = simulateRows(1500, 2000, 2).map((row): Row => ({
  ...row,
  x: row['x'] === null ? null : Math.round((Number(row['x']) + 4) * 100) / 100,
}));
await project.add('u1', before);
await project.train(1);
const first = await project.evaluate(1, null, ['u1']);
await project.add('u2', after);
await project.train(2);
const second = await project.evaluate(2, 1, ['u2']);
const segments = second.segments?.worstFirst ?? [];
const holdoutKeys = await keysOfHoldout();

async function keysOfHoldout(): Promise<Set<string>> {
  const file = quoteText(project.folder.model(2).holdout);
  const rows = await allRows(connection, `SELECT key FROM read_parquet(${file})`);
  return new Set(rows.map(({ key }) => String(key)));
}

describe('the parts of a comparison', () => {
  test('are the values of each feature, ranges of numbers, and the newest rows', () => {
    expect([first.segments, first.drift]).toEqual([null, null]);
    expect(second.segments).toMatchObject({ metric: 'logLoss', correction: 'holm' });
    const of = (feature: string) =>
      segments.filter((segment) => segment.feature === feature && segment.newest !== true);
    expect(of('shop').map(({ value }) => value)).toEqual(
      expect.arrayContaining(['north', 'south', 'Ost "é"', 'west, inner']),
    );
    expect(of('active').map(({ value }) => value)).toEqual(expect.arrayContaining(['true', 'false']));
    expect(of('x').filter(({ range }) => range !== null)).toHaveLength(5);
    expect(of('built').every(({ range }) => range?.areDays === true)).toBe(true);
    for (const feature of ['active', 'built']) {
      const rows = of(feature).reduce((sum, segment) => sum + segment.rows, 0);
      expect(rows).toBe(second.holdout.rows);
    }
  });

  test('can be computed again from the holdout file', async () => {
    const output = join(project.scratch, 'holdout.csv');
    await exportHoldout(connection, project.folder.model(2).holdout, output);
    const holdout: { key: string; label: string; current: string; candidate: string }[] = parse(
      readFileSync(output),
      { columns: true },
    );
    const shopOf = new Map<unknown, unknown>(
      [...before, ...after].map((row: (typeof before)[number]) => [row['id'], row['shop']]),
    );
    for (const shop of ['north', 'south']) {
      const rows = holdout.filter(({ key }) => shopOf.get(key) === shop);
      const labels = Uint8Array.from(rows, ({ label }) => (label === 'yes' ? 1 : 0));
      const lossOf = (side: 'current' | 'candidate') =>
        logLoss(
          labels,
          Float32Array.from(rows, (row) => Number(row[side])),
        );
      const seen = segments.find(({ feature, value }) => feature === 'shop' && value === shop);
      expect(seen?.rows).toBe(rows.length);
      expect(seen?.current).toBeCloseTo(lossOf('current'), 10);
      expect(seen?.candidate).toBeCloseTo(lossOf('candidate'), 10);
      expect(seen?.difference.estimate).toBeCloseTo(lossOf('candidate') - lossOf('current'), 10);
    }
  });

  test('are sorted by what got worse, with p-values corrected for all of them', () => {
    const evidence = segments.map(({ difference: d }) => (d.estimate ?? 0) / ((d.high ?? 0) - (d.low ?? 0)));
    expect(evidence).toEqual([...evidence].sort((a, b) => b - a));
    expect(second.segments?.compared).toBe(segments.length);
    const corrected = holm(segments.map(({ difference }) => difference.pValue ?? NaN));
    segments.forEach((segment, index) =>
      expect(segment.adjustedPValue).toBeCloseTo(corrected[index] ?? NaN, 12),
    );
  });

  test('have the rows with the latest days as one, whether the days are a feature or not', async () => {
    const days = [...before, ...after]
      .filter(({ id }) => holdoutKeys.has(String(id)))
      .map(({ built }) => Date.parse(String(built)) / 86_400_000)
      .sort((a, b) => a - b);
    const first = days[Math.floor(days.length * 0.9)] as number;
    const newest = segments.filter((segment) => segment.newest === true);
    expect(newest).toHaveLength(1);
    expect(newest[0]).toMatchObject({
      feature: 'built',
      range: { low: first, high: days.at(-1), areDays: true },
      rows: days.filter((day) => day >= first).length,
    });
    // Models that do not know the days.
    const undated = new TestProject(fileFolder(), { ...names, exclude: ['built'] });
    await undated.add('u1', before);
    await undated.train(1);
    await undated.add('u2', after);
    await undated.train(2);
    const parts = (await undated.evaluate(2, 1, ['u2'])).segments?.worstFirst ?? [];
    expect(parts.filter(({ feature }) => feature === 'built')).toMatchObject([
      { newest: true, range: newest[0]?.range, rows: newest[0]?.rows },
    ]);
  });

  test('tell what each upload brought, and how both models do on its rows', async () => {
    expect(first.uploads).toBeNull();
    const { total, largest } = second.uploads ?? { total: 0, largest: [] };
    expect([total, largest.length]).toEqual([2, 2]);
    const [u2, u1] = largest;
    const tested = after.filter(({ id }) => holdoutKeys.has(String(id)));
    expect(u2).toMatchObject({ upload: 'u2', isNew: true, testRows: tested.length });
    expect(u2?.learningRows).toBe(after.length - tested.length);
    expect(u2?.outcome).toBeCloseTo(after.filter(({ failed }) => failed === 'yes').length / after.length, 10);
    expect(u1).toMatchObject({ upload: 'u1', isNew: false });
    expect((u1?.testRows ?? 0) + (u2?.testRows ?? 0)).toBe(second.holdout.rows);
    // The mean over the uploads is that of all rows.
    const share = (u1?.testRows ?? 0) / second.holdout.rows;
    for (const side of ['current', 'candidate'] as const)
      expect(share * (u1?.loss?.[side] ?? NaN) + (1 - share) * (u2?.loss?.[side] ?? NaN)).toBeCloseTo(
        second[side]?.metrics['logLoss'] ?? NaN,
        10,
      );
  });

  test('drift is found where it is, and only there', () => {
    expect(second.drift?.map(({ feature }) => feature)).toContain('shop');
    const [moved, ...rest] = second.drift ?? [];
    expect(moved?.feature).toBe('x');
    expect(moved?.stabilityIndex).toBeGreaterThan(0.25);
    expect(moved?.kolmogorovSmirnov).toBeGreaterThan(0.25);
    for (const { stabilityIndex } of rest) expect(stabilityIndex).toBeLessThan(0.15);
    expect(rest.find(({ feature }) => feature === 'shop')?.kolmogorovSmirnov).toBeNull();
  });
});

test('every row has one cell, and a range holds its values', () => {
  const values = fc.array(fc.oneof(fc.float({ noNaN: true, min: -50, max: 50 }), fc.constant(NaN)), {
    minLength: 1,
    maxLength: 200,
  });
  fc.assert(
    fc.property(values, fc.integer({ min: 2, max: 10 }), (given, ranges) => {
      const column = Float32Array.from(given);
      const { cells, codes } = cellsOf({ name: 'x', type: 'number' }, column, ranges);
      expect(cells.length).toBeLessThanOrEqual(Math.max(ranges, 8) + 1);
      column.forEach((value, row) => {
        const cell = cells[codes[row] ?? -1];
        if (Number.isNaN(value)) return expect(cell).toEqual({ kind: 'missing' });
        if (cell?.kind === 'value') return expect(Number(cell.value)).toBe(value + 0);
        if (cell?.kind !== 'range') return expect.unreachable(`row ${row} has no cell`);
        expect(value).toBeGreaterThanOrEqual(cell.low);
        expect(value).toBeLessThanOrEqual(cell.high);
      });
    }),
  );
});

test('a rare value among few distinct ones has no cell, and is not taken for a missing one', () => {
  const column = new Float32Array(100_000).fill(1);
  column[7] = 5; // between two sampled rows
  column[8] = NaN;
  const { cells, codes } = cellsOf({ name: 'x', type: 'integer' }, column, 10);
  expect(cells).toEqual([{ kind: 'value', value: '1' }, { kind: 'missing' }]);
  expect([codes[0], codes[7], codes[8]]).toEqual([0, -1, 1]);
});
