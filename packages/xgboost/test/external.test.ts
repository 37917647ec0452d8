import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DMatrix, loadLibrary, train, type Batch, type BatchSource } from '../src/index.ts';
import { batchesOf, columnsOf, sparseOf } from './batches.ts';
import { randomTable, type Table } from './random-table.ts';

const { major } = loadLibrary().version;
const table = randomTable({ rows: 900, columns: 5, missing: 0.2, seed: 21 });
const parameters = { objective: 'binary:logistic', tree_method: 'hist', max_depth: 4, nthread: 2 } as const;
const names = ['a', 'b', 'c', 'd', 'e'];
const code = (name: string): Error => expect.objectContaining({ code: name }) as Error;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xgboost-external-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
const cachePrefix = (): string => join(folder, 'rows');

async function modelOf(matrix: DMatrix): Promise<Uint8Array> {
  const { booster } = await train(parameters, matrix, { rounds: 5 });
  const bytes = booster.save();
  booster.dispose();
  return bytes;
}

describe.each(['dense', 'sparse'] as const)('a matrix in files, from %s batches', (form) => {
  test('trains, predicts and explains as one in memory, and leaves no file behind', async () => {
    const inMemory = DMatrix.from(table, { labels: table.labels, featureNames: names });
    const source = batchesOf(table, 200, form);
    const matrix = DMatrix.external(source, { columns: 5, cachePrefix: cachePrefix(), featureNames: names });
    expect([matrix.rows, matrix.columns, matrix.featureNames]).toEqual([900, 5, names]);
    expect(matrix.labels).toEqual(table.labels);
    expect(matrix.valuesPresent).toBe(inMemory.valuesPresent);
    const passes = source.passes;
    const { booster } = await train(parameters, matrix, { rounds: 5 });
    expect(booster.save()).toEqual(await modelOf(inMemory));
    for (const kind of ['value', 'contributions', 'leaf'] as const)
      expect(booster.predict(matrix, { kind })).toEqual(booster.predict(inMemory, { kind }));
    expect(source.passes).toBe(passes);
    expect(readdirSync(folder).length).toBeGreaterThan(0);
    for (const one of [booster, matrix, inMemory]) one.dispose();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('quantised, makes the model of a quantile matrix; a version that cannot says so', async () => {
    const make = (): DMatrix =>
      DMatrix.quantileExternal(batchesOf(table, 200, form), { columns: 5, cachePrefix: cachePrefix() });
    if (major < 3) {
      expect(make).toThrow(code('XGBOOST_NOT_IN_THIS_VERSION'));
      return;
    }
    const matrix = make();
    const inMemory = DMatrix.quantile(batchesOf(table, 200, form), { columns: 5 });
    expect(await modelOf(matrix)).toEqual(await modelOf(inMemory));
    expect(readdirSync(folder).length).toBeGreaterThan(0);
    for (const one of [matrix, inMemory]) one.dispose();
    expect(readdirSync(folder)).toEqual([]);
  });
});

test('what a source throws comes out, and nothing stays behind', () => {
  const source: BatchSource = {
    reset: () => undefined,
    next: () => {
      throw new RangeError('no more disk');
    },
  };
  const options = { columns: 5, cachePrefix: cachePrefix() };
  expect(() => DMatrix.external(source, options)).toThrow('no more disk');
  if (major >= 3) expect(() => DMatrix.quantileExternal(source, options)).toThrow('no more disk');
  expect(readdirSync(folder)).toEqual([]);
  expect(() =>
    DMatrix.external(batchesOf(table, 300, 'dense'), { columns: 5, cachePrefix: join(folder, 'not/there') }),
  ).toThrow(code('XGBOOST_CALL_FAILED'));
});

describe('batches of columns', () => {
  test('make the quantile matrix of the same rows; a version that cannot says so', async () => {
    const make = (): DMatrix => DMatrix.quantile(batchesOf(table, 250, 'columns'), { columns: 5 });
    const { minor } = loadLibrary().version;
    if (major < 2 || (major === 2 && minor < 1)) {
      expect(make).toThrow(code('XGBOOST_NOT_IN_THIS_VERSION'));
      return;
    }
    const rows = DMatrix.quantile(batchesOf(table, 400, 'dense'), { columns: 5 });
    const columns = make();
    expect(await modelOf(columns)).toEqual(await modelOf(rows));
    for (const one of [rows, columns]) one.dispose();
  });

  test('of other widths are refused', () => {
    const wide = { columns: columnsOf(table).slice(1) };
    const source: BatchSource = { reset: () => undefined, next: () => wide };
    expect(() => DMatrix.quantile(source, { columns: 5 })).toThrow(/has 4 columns, and the matrix 5/);
  });
});

test('batches carry margins and the groups of a ranking', async () => {
  const groups = Uint32Array.of(40, 60, 50);
  const part = (from: number, to: number): Table => ({
    ...table,
    rows: to - from,
    data: table.data.slice(from * 5, to * 5),
    labels: table.labels.slice(from, to),
  });
  const batches: Batch[] = [0, 150].map((from) => {
    const { data, rows, labels } = part(from, from + 150);
    return { data, rows, labels, groups, baseMargin: labels.map((label) => label / 10) };
  });
  let turn = 0;
  const source = {
    reset: () => {
      turn = 0;
    },
    next: () => batches[turn++] ?? null,
  };
  const matrix = DMatrix.quantile(source, { columns: 5 });
  expect(Array.from(matrix.groups)).toEqual([40, 60, 50, 40, 60, 50]);
  expect(matrix.baseMargin).toEqual(part(0, 300).labels.map((label) => label / 10));
  const ranking = { objective: 'rank:ndcg', tree_method: 'hist' } as const;
  const { booster } = await train(ranking, matrix, { rounds: 3 });
  const { data, labels } = part(0, 300);
  const whole = DMatrix.from(
    { data, rows: 300, columns: 5 },
    {
      labels,
      groups: Uint32Array.of(40, 60, 50, 40, 60, 50),
      baseMargin: labels.map((label) => label / 10),
    },
  );
  const again = await train(ranking, whole, { rounds: 3 });
  expect(again.booster.save()).toEqual(booster.save());
  for (const one of [matrix, whole, booster, again.booster]) one.dispose();
  batches[1] = { ...(batches[1] as Batch), groups: Uint32Array.of(40, 60) };
  expect(() => DMatrix.quantile(source, { columns: 5 })).toThrow(/groups of a batch of 150 rows have 100/);
});

test('a sparse batch is borrowed as a dense one is, and refused where its arrays do not fit', () => {
  const sparse = { ...sparseOf(table), columnIndices: sparseOf(table).columnIndices.with(3, 5) };
  const source: BatchSource = { reset: () => undefined, next: () => sparse };
  expect(() => DMatrix.quantile(source, { columns: 5 })).toThrow(/no column 5/);
});
