import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DMatrix,
  loadLibrary,
  OBJECTIVES,
  Scorer,
  SINCE,
  train,
  type DenseOptions,
  type Parameters,
} from '../src/index.ts';
import { randomTable, type Table } from './random-table.ts';

type Objective = (typeof OBJECTIVES)[number];

/** What a table of an objective is: classes or numbers, and what of its rows the labels are made to. */
interface Kind {
  /** 0 for numbers. Default 0. */
  readonly classes?: number;
  readonly positive?: boolean;
  /** Parameters of which each run takes one. Default none. */
  readonly parameters?: readonly Parameters[];
  readonly info?: (table: Table) => Partial<DenseOptions>;
}

const inGroups = ({ rows }: Table): Partial<DenseOptions> => ({
  groups: Uint32Array.of(rows >> 1, rows - (rows >> 1)),
});
/** Times of which every third is only known to be later. */
const withCensoring = ({ labels }: Table): Partial<DenseOptions> => ({
  labelLowerBounds: labels,
  labelUpperBounds: labels.map((label, row) => (row % 3 === 0 ? Infinity : label)),
});

const KINDS: Readonly<Record<Objective, Kind>> = {
  'reg:squarederror': {},
  'reg:squaredlogerror': { positive: true },
  'reg:logistic': { classes: 2 },
  'reg:pseudohubererror': { parameters: [{}, { huber_slope: 0.3 }] },
  'reg:absoluteerror': {},
  'reg:quantileerror': {
    parameters: [{ quantile_alpha: 0.5 }, { quantile_alpha: [0.9] }, { quantile_alpha: [0.1, 0.5, 0.9] }],
  },
  'reg:gamma': { positive: true },
  'reg:tweedie': { positive: true, parameters: [{}, { tweedie_variance_power: 1.1 }] },
  'binary:logistic': { classes: 2, parameters: [{}, { scale_pos_weight: 3 }] },
  'binary:logitraw': { classes: 2 },
  'binary:hinge': { classes: 2 },
  'count:poisson': { classes: 5 },
  'survival:cox': {
    positive: true,
    info: ({ labels }) => ({ labels: labels.map((label, row) => (row % 3 === 0 ? -label : label)) }),
  },
  'survival:aft': {
    positive: true,
    info: withCensoring,
    parameters: [{}, { aft_loss_distribution: 'extreme', aft_loss_distribution_scale: 1.5 }],
  },
  'multi:softmax': { classes: 3, parameters: [{ num_class: 3 }, { num_class: 4 }] },
  'multi:softprob': { classes: 3, parameters: [{ num_class: 3 }, { num_class: 4 }] },
  'rank:ndcg': { classes: 3, info: inGroups },
  'rank:map': { classes: 2, info: inGroups },
  'rank:pairwise': { classes: 3, info: inGroups },
};

const { version } = loadLibrary();
const present = OBJECTIVES.filter((name) => version.major >= Number(SINCE[name] ?? 1));

const baseScores: readonly Parameters[] = [{}, { base_score: 0.3 }];

const shapes = fc.record({
  rounds: fc.integer({ min: 1, max: 9 }),
  num_parallel_tree: fc.integer({ min: 1, max: 4 }),
  max_depth: fc.integer({ min: 1, max: 6 }),
  columns: fc.integer({ min: 1, max: 5 }),
  rows: fc.integer({ min: 20, max: 90 }),
  seed: fc.nat(),
  missing: fc.constantFrom(0, 0.2),
  categoryColumns: fc.integer({ min: 0, max: 1 }),
  base: fc.constantFrom(...baseScores),
  format: fc.constantFrom('ubj' as const, 'json' as const),
});

describe('margins and predictions have the bits of the library, whatever the shape of the model', () => {
  test.each(present)('%s', async (objective) => {
    const { classes = 0, positive = false, parameters = [{}], info } = KINDS[objective];
    const cases = fc.record({ shape: shapes, own: fc.constantFrom(...parameters) });
    await fc.assert(
      fc.asyncProperty(cases, async ({ shape, own }) => {
        const { rounds, num_parallel_tree, max_depth, base, format, ...options } = shape;
        const table = randomTable({ ...options, classes, positive });
        const featureTypes = Array.from({ length: table.columns }, (_, column) =>
          column < options.categoryColumns ? ('c' as const) : ('q' as const),
        );
        const matrix = DMatrix.from(table, { labels: table.labels, featureTypes, ...info?.(table) });
        const { booster } = await train(
          {
            objective,
            nthread: 1,
            tree_method: 'hist',
            subsample: 0.8,
            num_parallel_tree,
            max_depth,
            ...base,
            ...own,
          },
          matrix,
          { rounds },
        );
        const scorer = Scorer.fromModel(booster.save(format));
        const rows = Array.from({ length: table.rows }, (_, row) =>
          table.data.slice(row * table.columns, (row + 1) * table.columns),
        );
        const all = (of: (row: Float32Array) => Float32Array): Float32Array =>
          Float32Array.from(rows.flatMap((row) => Array.from(of(row))));
        const margins = booster.predict(matrix, { kind: 'margin' }).values;
        const values = booster.predict(matrix).values;
        expect(all((row) => scorer.margins(row))).toEqual(margins);
        expect(all((row) => scorer.predict(row))).toEqual(values);
        const columns = Array.from({ length: table.columns }, (_, column) =>
          Float32Array.from(rows, (row) => row[column] as number),
        );
        expect(scorer.predictColumns(columns, table.rows)).toEqual(values);
        for (const one of [booster, matrix]) one.dispose();
      }),
      { numRuns: 25 },
    );
  });
});
