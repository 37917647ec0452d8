import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Booster, DMatrix, Scorer, train, type FeatureType, type Parameters } from '../src/index.ts';
import { randomTable, type Table, type TableOptions } from './random-table.ts';

interface Case {
  table: Table;
  matrix: DMatrix;
  booster: Booster;
  scorer: Scorer;
}

async function trained(
  options: TableOptions,
  parameters: Parameters,
  format: 'ubj' | 'json' = 'ubj',
): Promise<Case> {
  const table = randomTable(options);
  const types = Array.from({ length: table.columns }, (_, i): FeatureType =>
    i < (options.categoryColumns ?? 0) ? 'c' : 'q',
  );
  const matrix = DMatrix.fromDense(table.data, table, { labels: table.labels, featureTypes: types });
  const { booster } = await train({ nthread: 1, tree_method: 'hist', ...parameters }, matrix, { rounds: 8 });
  return { table, matrix, booster, scorer: Scorer.fromModel(booster.save(format)) };
}

function rowsOf({ data, rows, columns }: Table): Float32Array[] {
  return Array.from({ length: rows }, (_, row) => data.slice(row * columns, (row + 1) * columns));
}

function concatenated(parts: Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => Array.from(part)));
}

function release({ matrix, booster }: Case): void {
  matrix.dispose();
  booster.dispose();
}

function expectSameBits(model: Case): void {
  const rows = rowsOf(model.table);
  expect(concatenated(rows.map((row) => model.scorer.margins(row)))).toEqual(
    model.booster.predict(model.matrix, { kind: 'margin' }).values,
  );
  expect(concatenated(rows.map((row) => model.scorer.predict(row)))).toEqual(
    model.booster.predict(model.matrix).values,
  );
}

const OBJECTIVES = [
  { parameters: { objective: 'binary:logistic' }, classes: 2 },
  { parameters: { objective: 'binary:logitraw' }, classes: 2 },
  { parameters: { objective: 'binary:hinge' }, classes: 2 },
  { parameters: { objective: 'binary:logistic', base_score: 0.31 }, classes: 2 },
  { parameters: { objective: 'reg:logistic' }, classes: 2 },
  { parameters: { objective: 'reg:squarederror' }, classes: 0 },
  { parameters: { objective: 'reg:absoluteerror' }, classes: 0 },
  { parameters: { objective: 'reg:pseudohubererror' }, classes: 0 },
  { parameters: { objective: 'reg:gamma' }, classes: 0, positive: true },
  { parameters: { objective: 'reg:tweedie' }, classes: 0, positive: true },
  { parameters: { objective: 'count:poisson' }, classes: 5 },
  { parameters: { objective: 'multi:softprob', num_class: 3 }, classes: 3 },
  { parameters: { objective: 'multi:softmax', num_class: 4 }, classes: 4 },
  { parameters: { objective: 'binary:logistic', num_parallel_tree: 3, subsample: 0.5 }, classes: 2 },
  { parameters: { objective: 'rank:pairwise' }, classes: 3 },
] as const satisfies { parameters: Parameters; classes: number; positive?: boolean }[];

describe('margins and predictions have the bits of the library', () => {
  test.each(OBJECTIVES)('$parameters', async ({ parameters, classes, ...rest }) => {
    for (const format of ['ubj', 'json'] as const) {
      const model = await trained(
        { rows: 400, columns: 5, missing: 0.15, seed: 11, classes, ...rest },
        parameters,
        format,
      );
      expectSameBits(model);
      release(model);
    }
  });

  test('for random shapes of models, with missing values and categories', async () => {
    const shapes = fc.record({
      columns: fc.integer({ min: 1, max: 7 }),
      rows: fc.integer({ min: 20, max: 120 }),
      seed: fc.nat(),
      missing: fc.constantFrom(0, 0.05, 0.5),
      categoryColumns: fc.integer({ min: 0, max: 2 }),
      categories: fc.constantFrom(2, 3, 40, 70),
      classes: fc.constantFrom(0, 2, 3),
      max_depth: fc.integer({ min: 1, max: 7 }),
    });
    await fc.assert(
      fc.asyncProperty(shapes, async ({ max_depth, ...options }) => {
        const objective = { 0: 'reg:squarederror', 2: 'binary:logistic', 3: 'multi:softprob' } as const;
        const name = objective[options.classes];
        const model = await trained(options, {
          objective: name,
          max_depth,
          ...(name === 'multi:softprob' && { num_class: 3 }),
        });
        expectSameBits(model);
        release(model);
      }),
      { numRuns: 25 },
    );
  });

  test('for values that training never saw: unknown categories, negative ones, fractions, infinities', async () => {
    const model = await trained(
      { rows: 600, columns: 3, seed: 3, categoryColumns: 2, categories: 12, missing: 0.05 },
      { objective: 'binary:logistic', max_cat_to_onehot: 2 },
    );
    const strange = [0, 3, 11, 12, 31, 32, 63, 64, 999, 2 ** 24 - 1, 0.5, 11.9, NaN];
    const rows = strange.flatMap((a) => strange.map((b) => Float32Array.of(a, b, a - b)));
    const data = concatenated(rows);
    const matrix = DMatrix.fromDense(
      data,
      { rows: rows.length, columns: 3 },
      { featureTypes: ['c', 'c', 'q'] },
    );
    expect(concatenated(rows.map((row) => model.scorer.margins(row)))).toEqual(
      model.booster.predict(matrix, { kind: 'margin' }).values,
    );
    matrix.dispose();
    release(model);
  });
});

/** A tree of a JSON model, read without the scorer's own code. */
interface PlainTree {
  left_children: number[];
  right_children: number[];
  split_indices: number[];
  split_conditions: number[];
  default_left: number[];
  sum_hessian: number[];
}

function treesOf(booster: Booster): PlainTree[] {
  const document = JSON.parse(new TextDecoder().decode(booster.save('json'))) as {
    learner: { gradient_booster: { model: { trees: PlainTree[] } } };
  };
  return document.learner.gradient_booster.model.trees;
}

/** Algorithm 1 of arXiv:1802.03888: unknown features follow both branches, weighed by cover. `known` is a bit set. */
function expectation(tree: PlainTree, node: number, row: Float32Array, known: number): number {
  const at = (list: readonly number[], index: number) => list[index] as number;
  const [left, right] = [at(tree.left_children, node), at(tree.right_children, node)];
  if (left === -1) return at(tree.split_conditions, node);
  const feature = at(tree.split_indices, node);
  const value = row[feature] as number;
  if ((known >> feature) & 1) {
    const goesLeft = Number.isNaN(value)
      ? at(tree.default_left, node) === 1
      : value < Math.fround(at(tree.split_conditions, node));
    return expectation(tree, goesLeft ? left : right, row, known);
  }
  const [a, b] = [at(tree.sum_hessian, left), at(tree.sum_hessian, right)];
  return (
    (a * expectation(tree, left, row, known) + b * expectation(tree, right, row, known)) /
    at(tree.sum_hessian, node)
  );
}

/** The mean gain from knowing a feature, over all orders in which features can become known. */
function shapleyValue(feature: number, count: number, worth: (known: number) => number): number {
  const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
  let value = 0;
  for (let known = 0; known < 1 << count; known++) {
    if ((known >> feature) & 1) continue;
    const size = Array.from({ length: count }, (_, i) => (known >> i) & 1).reduce((sum, bit) => sum + bit, 0);
    const share = (factorial(size) * factorial(count - size - 1)) / factorial(count);
    value += share * (worth(known | (1 << feature)) - worth(known));
  }
  return value;
}

describe('contributions', () => {
  const cases = [
    {
      options: { rows: 300, columns: 5, missing: 0.1, seed: 21 },
      parameters: { objective: 'binary:logistic' },
    },
    {
      options: { rows: 200, columns: 4, missing: 0.1, seed: 22, classes: 3 },
      parameters: { objective: 'multi:softprob', num_class: 3 },
    },
    {
      options: { rows: 200, columns: 6, seed: 23, classes: 0, categoryColumns: 2 },
      parameters: { objective: 'reg:squarederror', max_depth: 8 },
    },
    // One column split again and again: paths that meet the same feature.
    {
      options: { rows: 200, columns: 1, seed: 24 },
      parameters: { objective: 'binary:logistic', max_depth: 9 },
    },
  ] as const satisfies { options: TableOptions; parameters: Parameters }[];

  test.each(cases)(
    'are near the library and add up to the margin: $parameters',
    async ({ options, parameters }) => {
      const model = await trained(options, parameters);
      const { values, shape } = model.booster.predict(model.matrix, {
        kind: 'contributions',
        strictShape: true,
      });
      const width = model.scorer.features + 1;
      expect(shape).toEqual([options.rows, model.scorer.groups, width]);
      rowsOf(model.table).forEach((row, index) => {
        const ours = model.scorer.contributions(row);
        const theirs = values.subarray(index * ours.length, (index + 1) * ours.length);
        const margins = model.scorer.margins(row);
        const scale = Math.max(1, ...margins.map(Math.abs));
        ours.forEach((value, i) =>
          expect(Math.abs(value - (theirs[i] as number))).toBeLessThan(1e-4 * scale),
        );
        margins.forEach((margin, group) => {
          const sum = ours
            .slice(group * width, (group + 1) * width)
            .reduce((total, value) => total + value, 0);
          expect(Math.abs(sum - margin)).toBeLessThan(1e-5 * scale);
        });
      });
      release(model);
    },
  );

  test('are the Shapley values of the expectation given the known features', async () => {
    const model = await trained(
      { rows: 200, columns: 3, missing: 0.1, seed: 25 },
      { objective: 'binary:logistic', max_depth: 4 },
    );
    const trees = treesOf(model.booster);
    for (const row of rowsOf(model.table).slice(0, 40)) {
      const expected = (known: number) =>
        trees.reduce((sum, tree) => sum + expectation(tree, 0, row, known), 0);
      const contributions = model.scorer.contributions(row);
      for (let feature = 0; feature < 3; feature++) {
        expect(contributions[feature]).toBeCloseTo(shapleyValue(feature, 3, expected), 6);
      }
    }
    release(model);
  });
});

describe('what a scorer knows and refuses', () => {
  test('features, names, groups, objective', async () => {
    const table = randomTable({ rows: 50, columns: 2, seed: 1 });
    const matrix = DMatrix.fromDense(table.data, table, {
      labels: table.labels,
      featureNames: ['größe', 'b'],
    });
    const { booster } = await train({ objective: 'binary:logistic' }, matrix, { rounds: 2 });
    const scorer = Scorer.fromModel(booster.save());
    expect([scorer.features, scorer.groups, scorer.trees]).toEqual([2, 1, 2]);
    expect(scorer.featureNames).toEqual(['größe', 'b']);
    expect(scorer.objective).toBe('binary:logistic');
    expect(() => scorer.margins(new Float32Array(3))).toThrow(
      expect.objectContaining({ code: 'XGBOOST_BAD_ARGUMENT' }),
    );
    expect(() => scorer.margins(new Float32Array(2), new Float32Array(2))).toThrow(/out has 2/);
  });

  test('models of other kinds', async () => {
    for (const booster of ['dart', 'gblinear'] as const) {
      await expect(
        trained(
          { rows: 40, columns: 2, seed: 1 },
          { objective: 'binary:logistic', booster, tree_method: 'auto' },
        ),
      ).rejects.toThrow(expect.objectContaining({ code: 'XGBOOST_MODEL_UNSUPPORTED' }));
    }
  });

  test('damaged bytes, cut or changed anywhere, never crash or hang', async () => {
    const model = await trained(
      { rows: 60, columns: 3, seed: 2, categoryColumns: 1 },
      { objective: 'binary:logistic' },
    );
    for (const format of ['ubj', 'json'] as const) {
      const bytes = model.booster.save(format);
      fc.assert(
        fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.boolean(), (at, value, isCut) => {
          const damaged = isCut ? bytes.slice(0, at) : bytes.slice();
          if (!isCut) damaged[at] = value;
          try {
            Scorer.fromModel(damaged);
          } catch (error) {
            expect(error).toMatchObject({ name: 'XgboostError' });
          }
        }),
        { numRuns: 150 },
      );
    }
    release(model);
  });
});

/** A model whose only tree is a chain: `splits` nodes, each with a leaf on its left, and a leaf at the end. */
async function chainModel(splits: number): Promise<Buffer> {
  const matrix = DMatrix.fromDense(
    new Float32Array([1, 2, 3, 4]),
    { rows: 4, columns: 1 },
    {
      labels: new Float32Array([0, 1, 0, 1]),
    },
  );
  const { booster } = await train({ nthread: 1, max_depth: 1 }, matrix, { rounds: 1 });
  const document = JSON.parse(Buffer.from(booster.save('json')).toString('utf8')) as {
    learner: { gradient_booster: { model: { trees: Record<string, unknown>[] } } };
  };
  booster.dispose();
  matrix.dispose();
  const [tree] = document.learner.gradient_booster.model.trees;
  if (tree === undefined) throw new Error('a model without a tree');
  const count = 2 * splits + 1;
  const nodes = Array.from({ length: count }, (_, node) => ({
    node,
    isSplit: node % 2 === 0 && node < count - 1,
  }));
  const of = <T>(split: (node: number) => T, leaf: (node: number) => T): T[] =>
    nodes.map(({ node, isSplit }) => (isSplit ? split(node) : leaf(node)));
  const none = 2 ** 31 - 1;
  // The library's reader of JSON tells whole numbers from others by the point.
  const real = (value: number): string => `real ${value.toFixed(4)}`;
  Object.assign(tree, {
    tree_param: { ...(tree['tree_param'] as object), num_nodes: String(count) },
    left_children: of(
      (node) => node + 1,
      () => -1,
    ),
    right_children: of(
      (node) => node + 2,
      () => -1,
    ),
    parents: nodes.map(({ node }) => (node === 0 ? none : node % 2 === 1 ? node - 1 : node - 2)),
    split_indices: nodes.map(() => 0),
    split_type: nodes.map(() => 0),
    split_conditions: of(
      (node) => real(node / 2),
      (node) => real(node / 1000),
    ),
    base_weights: of(
      () => real(0),
      (node) => real(node / 1000),
    ),
    loss_changes: of(
      () => real(1),
      () => real(0),
    ),
    sum_hessian: nodes.map(({ node }) => real(count - node)),
    default_left: of(
      (node) => (node === 2 * (splits - 1) ? 1 : 0),
      () => 0,
    ),
  });
  return Buffer.from(JSON.stringify(document).replaceAll(/"real ([^"]+)"/g, '$1'));
}

test('a tree that is one long chain is scored as the library scores it', async () => {
  const splits = 20_000;
  const model = await chainModel(splits);
  const scorer = Scorer.fromModel(model);
  const booster = Booster.load(model);
  const values = Float32Array.from([-1, 0, 0.5, 1, 17.5, 9999.5, 19_998.5, 19_999, 1e9, Number.NaN]);
  const matrix = DMatrix.fromDense(values, { rows: values.length, columns: 1 });
  const expected = booster.predict(matrix, { kind: 'margin' }).values;
  expect(new Set(expected).size).toBe(7);
  expect(concatenated(Array.from(values, (value) => scorer.margins(Float32Array.of(value))))).toEqual(
    expected,
  );
  matrix.dispose();
  booster.dispose();
});
