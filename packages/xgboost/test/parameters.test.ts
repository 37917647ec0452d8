import { afterAll, describe, expect, test } from 'vitest';
import {
  Booster,
  DMatrix,
  loadLibrary,
  OBJECTIVES,
  METRICS,
  PARAMETER_ALIASES,
  parameterSchema,
  parameterTexts,
  type Parameters,
} from '../src/index.ts';
import { nearestOf } from '../src/parameter-check.ts';

const refused = (parameters: object) => () => parameterTexts(parameters);

describe('parameters', () => {
  const matrix = DMatrix.fromDense(
    Float32Array.of(1, 2),
    { rows: 2, columns: 1 },
    { labels: Float32Array.of(0, 1) },
  );

  afterAll(() => matrix.dispose());

  test('name a GPU only to a library that has one', () => {
    const info = loadLibrary().buildInfo();
    for (const device of ['cuda', 'cuda:1', 'gpu']) {
      const create = (): void => Booster.create({ device }, [matrix]).dispose();
      if (info['USE_CUDA'] === true) expect(create).not.toThrow();
      else expect(create).toThrow(expect.objectContaining({ code: 'XGBOOST_NOT_IN_THIS_BUILD' }) as Error);
    }
    Booster.create({ device: 'cpu' }, [matrix]).dispose();
  });

  test('become the texts of the library', () => {
    expect(
      parameterTexts({
        max_depth: 4,
        eta: 0.1,
        seed_per_iteration: true,
        one_drop: false,
        eval_metric: ['auc', 'ndcg@5-', 'error@0.3'],
        monotone_constraints: [1, 0, -1],
        interaction_constraints: [[0, 1], [2]],
        quantile_alpha: [0.1, 0.9],
        subsample: undefined,
      }),
    ).toEqual([
      ['max_depth', '4'],
      ['eta', '0.1'],
      ['seed_per_iteration', '1'],
      ['one_drop', '0'],
      ['eval_metric', 'auc'],
      ['eval_metric', 'ndcg@5-'],
      ['eval_metric', 'error@0.3'],
      ['monotone_constraints', '(1,0,-1)'],
      ['interaction_constraints', '[[0,1],[2]]'],
      ['quantile_alpha', '[0.1,0.9]'],
    ]);
  });

  test.each([
    [{ max_dept: 3 }, /no parameter max_dept; did you mean max_depth\?/],
    [{ learning_rate: 0.1 }, /learning_rate is called eta/],
    [{ learning_rat: 0.1 }, /did you mean eta\?/],
    [{ toString: 1 }, /no parameter toString/],
    [{ constructor: 1 }, /no parameter constructor/],
    [{ eta: -0.1 }, /eta must be at least 0, and is -0.1/],
    [{ subsample: 0 }, /subsample must be above 0 and at most 1, and is 0/],
    [{ max_depth: 2.5 }, /max_depth must be a whole number/],
    [{ eta: NaN }, /eta must be a number/],
    [{ eta: '0.1' }, /eta must be a number, and is "0.1"/],
    [{ objective: 'binary:logistics' }, /Did you mean binary:logistic\?/],
    [{ eval_metric: 'acu' }, /no metric acu; did you mean auc\?/],
    [{ eval_metric: [] }, /names no metric/],
    [{ eval_metric: 'error@x' }, /needs a number after @/],
    [{ one_drop: 1 }, /one_drop must be true or false/],
    [{ monotone_constraints: [2] }, /list of -1, 0 and 1/],
    [{ interaction_constraints: [1] }, /lists of column numbers/],
    [{ quantile_alpha: [] }, /number or a list of numbers/],
    [{ updater: '' }, /updater must be a text/],
  ])('%o is refused', (parameters, message) => {
    expect(refused(parameters)).toThrow(message);
    expect(refused(parameters)).toThrow(expect.objectContaining({ code: 'XGBOOST_BAD_PARAMETER' }));
  });

  test('tell all their problems together', () => {
    expect(refused({ eta: -1, max_dept: 3 })).toThrow(/eta must be.*max_dept/);
  });

  test('are checked by the compiler too', () => {
    // @ts-expect-error a misspelled name
    const misspelled: Parameters = { max_dept: 3 };
    // @ts-expect-error a text for a number
    const text: Parameters = { eta: '0.3' };
    // @ts-expect-error an unknown objective
    const objective: Parameters = { objective: 'binary:logistics' };
    expect([misspelled, text, objective].every((wrong) => Object.keys(wrong).length === 1)).toBe(true);
  });

  test('are all known to the library: it takes each default that is a number or a choice', () => {
    const booster = Booster.create({ verbosity: 0 }, [matrix]);
    for (const [name, spec] of Object.entries(parameterSchema)) {
      expect(spec.doc, name).toMatch(/^[A-Z0-9a-z].*\.$/);
      if (spec.kind === 'choice') expect(spec.choices, name).toContain(spec.default);
      const value = Number(spec.default);
      const isNumber = (spec.kind === 'integer' || spec.kind === 'number') && Number.isFinite(value);
      if (isNumber) booster.setParameters({ [name]: value });
    }
    // The library looks at parameters only now.
    expect(booster.config()).toHaveProperty('learner');
    booster.dispose();
  });

  // The table names the objectives of 3.x; an older library lacks some.
  if (loadLibrary().version.major >= 3) {
    test('name objectives that the library has', () => {
      for (const objective of OBJECTIVES) {
        const needed = {
          ...(objective.startsWith('multi:') && { num_class: 3 }),
          ...(objective === 'reg:quantileerror' && { quantile_alpha: 0.5 }),
        };
        const booster = Booster.create({ objective, ...needed }, [matrix]);
        expect(booster.config()).toHaveProperty('learner.objective.name', objective);
        booster.dispose();
      }
    });
  }

  test('aliases lead to names that exist and are not names themselves', () => {
    for (const [alias, name] of Object.entries(PARAMETER_ALIASES)) {
      expect(parameterSchema).toHaveProperty(name);
      expect(parameterSchema).not.toHaveProperty(alias);
    }
    expect(new Set(METRICS).size).toBe(METRICS.length);
  });

  test('the nearest name is the one with the fewest changes', () => {
    expect(nearestOf('subsampel', Object.keys(parameterSchema))).toBe('subsample');
    expect(nearestOf('lamda', Object.keys(parameterSchema))).toBe('lambda');
  });
});
