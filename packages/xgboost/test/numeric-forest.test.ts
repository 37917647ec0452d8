import { expect, test } from 'vitest';
import { DMatrix, Scorer, train, type Parameters } from '../src/index.ts';
import { compileForest, nextNode, type Forest } from '../src/scorer/forest.ts';
import { listOf, numbersOf, parseModelDocument, requiredField } from '../src/scorer/model-document.ts';
import { NumericForest } from '../src/scorer/numeric-forest.ts';
import { randomNumbers, randomTable } from './random-table.ts';

const columns = 5;

async function modelOf(more: Parameters, rounds: number, categoryColumns = 0): Promise<Uint8Array> {
  const classes = more.num_class ?? 2;
  const table = randomTable({ rows: 600, columns, missing: 0.15, seed: rounds, classes, categoryColumns });
  const featureTypes = Array.from({ length: columns }, (_, column) =>
    column < categoryColumns ? ('c' as const) : ('q' as const),
  );
  const matrix = DMatrix.fromDense(table.data, table, { labels: table.labels, featureTypes });
  const parameters = { objective: 'binary:logistic', tree_method: 'hist', nthread: 2, ...more } as const;
  const { booster } = await train(parameters, matrix, { rounds });
  const bytes = booster.save();
  booster.dispose();
  matrix.dispose();
  return bytes;
}

async function forestOf(more: Parameters, rounds: number, categoryColumns = 0): Promise<Forest> {
  const learner = requiredField(parseModelDocument(await modelOf(more, rounds, categoryColumns)), 'learner');
  const model = requiredField(learner, 'gradient_booster', 'model');
  return compileForest(listOf(model, 'trees'), numbersOf(model, 'tree_info'), columns);
}

/** The plain walk, with a branch at each node. */
function walk(forest: Forest, row: Float32Array, margins: Float32Array): void {
  forest.roots.forEach((root, tree) => {
    let node = root;
    while ((forest.feature[node] as number) >= 0)
      node = nextNode(forest, node, row[forest.feature[node] as number] as number);
    const group = forest.groups[tree] as number;
    margins[group] = (margins[group] as number) + (forest.threshold[node] as number);
  });
}

const kinds = [
  [{ max_depth: 6 }, 21],
  [{ max_depth: 1 }, 3],
  [{ max_depth: 4, objective: 'multi:softprob', num_class: 3 }, 7],
  [{ max_depth: 0, max_leaves: 13, grow_policy: 'lossguide' }, 6],
  [{ max_depth: 6, gamma: 1000 }, 5],
] as const;

test.each(kinds)(
  'every row ends in the leaves of the plain walk: %o, %i rounds',
  async (parameters, rounds) => {
    const forest = await forestOf(parameters, rounds);
    const numeric = NumericForest.of(forest, columns);
    expect(numeric).toBeDefined();
    const thresholds = forest.threshold.filter((_, node) => (forest.feature[node] as number) >= 0);
    const random = randomNumbers(rounds);
    const pick = (values: ArrayLike<number>): number => values[Math.floor(random() * values.length)] ?? 0;
    for (let time = 0; time < 3000; time++) {
      const row = Float32Array.from({ length: columns }, () => {
        const kind = random();
        return kind < 0.4 ? random() * 4 - 2 : kind < 0.7 ? pick(thresholds) : pick(odd);
      });
      const [seen, expected] = [new Float32Array(3).fill(0.25), new Float32Array(3).fill(0.25)];
      numeric?.addTo(seen, row);
      walk(forest, row, expected);
      expect(seen).toEqual(expected);
    }
  },
);

test('a forest with categories, or an infinite threshold, is left to the plain walk', async () => {
  const forest = await forestOf({ max_depth: 3, max_cat_to_onehot: 2 }, 4, 2);
  expect(NumericForest.of(forest, columns)).toBeUndefined();
  const numbers = await forestOf({ max_depth: 3 }, 4);
  const split = numbers.feature.findIndex((feature) => feature >= 0);
  const threshold = numbers.threshold.with(split, -Infinity);
  expect(NumericForest.of({ ...numbers, threshold }, columns)).toBeUndefined();
});

const odd = [NaN, Infinity, -Infinity, 0, -0, 3.4e38, -3.4e38, 1e-45, -1e-45];

/** One array a column, of numbers that a walk may be wrong about, too. */
function oddColumns(rows: number, seed: number): Float32Array[] {
  const random = randomNumbers(seed);
  return Array.from({ length: columns }, () =>
    Float32Array.from({ length: rows }, () =>
      random() < 0.8 ? random() * 4 - 2 : (odd[Math.floor(random() * odd.length)] ?? 0),
    ),
  );
}

test.each([
  ...kinds,
  [{ max_depth: 15, grow_policy: 'lossguide', max_leaves: 40 }, 3],
  [{ max_depth: 3, objective: 'multi:softmax', num_class: 3 }, 4],
  [{ max_depth: 3, objective: 'reg:squarederror' }, 4],
] as const)(
  'many rows at once have the predictions of each alone: %o, %i rounds',
  async (parameters, rounds) => {
    const scorer = Scorer.fromModel(await modelOf(parameters, rounds));
    // Fewer than one turn of the loop, parts of a turn, several blocks.
    for (const rows of [1, 7, 8, 9, 511, 1300]) {
      const table = oddColumns(rows, rows);
      const expected = Array.from({ length: rows }, (_, row) => [
        ...scorer.predict(Float32Array.from(table, (column) => column[row] as number)),
      ]);
      expect(scorer.predictColumns(table, rows)).toEqual(Float32Array.from(expected.flat()));
    }
  },
);

test('many rows with categories at once, which have no fast way', async () => {
  const scorer = Scorer.fromModel(await modelOf({ max_depth: 3, max_cat_to_onehot: 2 }, 4, 2));
  expect(scorer.isFastInBulk).toBe(false);
  const table = oddColumns(20, 3);
  const expected = Array.from({ length: 20 }, (_, row) => [
    ...scorer.predict(Float32Array.from(table, (column) => column[row] as number)),
  ]);
  expect(scorer.predictColumns(table, 20)).toEqual(Float32Array.from(expected.flat()));
});

test('columns that are missing or too short are refused', async () => {
  const scorer = Scorer.fromModel(await modelOf({ max_depth: 3 }, 4));
  expect(() => scorer.predictColumns(oddColumns(5, 1).slice(1), 5)).toThrow(/4 columns/);
  expect(() => scorer.predictColumns(oddColumns(5, 1), 6)).toThrow(/6 values/);
});
