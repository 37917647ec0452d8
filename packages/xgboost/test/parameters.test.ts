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
  SINCE,
  type Parameters,
  type ParameterSpec,
} from '../src/index.ts';
import { nativeLibrary } from '../src/native/native-library.ts';
import { nearestOf } from '../src/parameter-check.ts';

const code = (name: string): Error => expect.objectContaining({ code: name }) as Error;

/** Parameters that the trees of every objective use, from the version on that has them. */
const unusedBefore = { device: 'cpu', multi_strategy: 'one_output_per_tree', tree_method: 'hist' };

/** Whether the loaded library is of this version or a newer one. */
function isThere(since: string): boolean {
  const [major = 0, minor = 0] = since.split('.').map(Number);
  const { version } = loadLibrary();
  return version.major > major || (version.major === major && version.minor >= minor);
}

const refused = (parameters: object) => () => parameterTexts(parameters);

describe('parameters', () => {
  const matrix = DMatrix.fromDense(
    Float32Array.of(1, 2),
    { rows: 2, columns: 1 },
    { labels: Float32Array.of(0, 1) },
  );

  afterAll(() => matrix.dispose());

  const gpuRequests: Parameters[] = [
    ...(isThere('2.0') ? ['cuda', 'cuda:1', 'gpu'].map((device) => ({ device })) : []),
    { tree_method: 'gpu_hist' },
    { updater: 'grow_gpu_hist' },
    { updater: 'prune,grow_gpu_hist' },
  ];

  test.each(gpuRequests)('name a GPU only to a library that has one: %o', (parameters) => {
    const create = (): void => Booster.create(parameters, [matrix]).dispose();
    if (loadLibrary().buildInfo()['USE_CUDA'] === true) expect(create).not.toThrow();
    else expect(create).toThrow(code('XGBOOST_NOT_IN_THIS_BUILD'));
  });

  /** One use of everything that came after version 1.7. */
  const newer: [since: string, parameters: Parameters][] = [
    ['2.0', { device: 'cpu' }],
    ['2.0', { multi_strategy: 'one_output_per_tree' }],
    ['2.0', { max_cached_hist_node: 100 }],
    ['2.0', { quantile_alpha: 0.5 }],
    ['2.0', { lambdarank_pair_method: 'mean' }],
    ['2.0', { lambdarank_num_pair_per_sample: 2 }],
    ['2.1', { lambdarank_normalization: false }],
    ['3.0', { lambdarank_score_normalization: false }],
    ['2.0', { lambdarank_unbiased: true }],
    ['2.0', { lambdarank_bias_norm: 1 }],
    ['2.0', { ndcg_exp_gain: false }],
    ['2.0', { objective: 'reg:quantileerror' }],
    ['2.0', { eval_metric: ['rmse', 'quantile'] }],
  ];

  test.each(newer)('since %s are told from those that every version has: %o', (since, parameters) => {
    const booster = Booster.create({}, [matrix]);
    for (const set of [
      () => booster.setParameters(parameters),
      () => Booster.create(parameters, [matrix]).dispose(),
    ]) {
      if (isThere(since)) expect(set).not.toThrow();
      else expect(set).toThrow(code('XGBOOST_NOT_IN_THIS_VERSION'));
    }
    booster.dispose();
  });

  test('that the version lacks are told together, and none is set', () => {
    const booster = Booster.create({ max_depth: 3 }, [matrix]);
    const set = (): void => booster.setParameters({ max_depth: 5, quantile_alpha: 0.5, ndcg_exp_gain: true });
    if (isThere('2.0')) expect(set).not.toThrow();
    else {
      expect(set).toThrow(/lacks quantile_alpha \(since 2.0\), ndcg_exp_gain \(since 2.0\)/);
      expect(JSON.stringify(booster.config())).toContain('"max_depth":"3"');
    }
    booster.dispose();
  });

  test('that came later are all in the list of this test', () => {
    const withSince = Object.entries<ParameterSpec>(parameterSchema).flatMap(([name, { since }]) =>
      since === undefined ? [] : [[name, since]],
    );
    const listed = newer.map(([since, one]) => [Object.keys(one)[0], since] as const);
    const values = ['objective', 'eval_metric'];
    expect(Object.fromEntries(withSince)).toEqual(
      Object.fromEntries(listed.filter(([name = '']) => !values.includes(name))),
    );
  });

  // The library says which parameters it passes over only where that is asked for.
  test('without a version are known to the library, and the others to those from that version on', () => {
    const library = nativeLibrary();
    const lines: string[] = [];
    library.onLog((line) => lines.push(line));
    for (const [name, value] of Object.entries({ max_depth: '3', ...unusedBefore })) {
      lines.length = 0;
      const address: [bigint | null] = [null];
      library.call('XGBoosterCreate', BigUint64Array.of(matrix.address), 1, address);
      for (const [one, text] of [['validate_parameters', '1'] as const, [name, value] as const])
        library.call('XGBoosterSetParam', address[0], one, text);
      library.call('XGBoosterUpdateOneIter', address[0], 0, matrix.address);
      library.call('XGBoosterFree', address[0]);
      const { since = '1.7' } = (parameterSchema as Record<string, ParameterSpec>)[name] ?? {};
      expect(lines.join(' ').includes(`"${name}"`), name).toBe(!isThere(since));
    }
    library.onLog((line) => process.stderr.write(`${line}\n`));
  });

  test('have the default that the library has for the C interface', () => {
    const booster = Booster.create({}, [matrix]);
    expect(JSON.stringify(booster.config())).toContain('"validate_parameters":"0"');
    expect(parameterSchema.validate_parameters.default).toBe('false');
    booster.dispose();
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
    for (const [name, spec] of Object.entries<ParameterSpec>(parameterSchema)) {
      expect(spec.doc, name).toMatch(/^[A-Z0-9a-z].*\.$/);
      if (spec.kind === 'choice') expect(spec.choices, name).toContain(spec.default);
      const value = Number(spec.default);
      const isNumber = (spec.kind === 'integer' || spec.kind === 'number') && Number.isFinite(value);
      if (isNumber && isThere(spec.since ?? '1.7')) booster.setParameters({ [name]: value });
    }
    // The library looks at parameters only now.
    expect(booster.config()).toHaveProperty('learner');
    booster.dispose();
  });

  test('name objectives that the library has', () => {
    for (const objective of OBJECTIVES.filter((name) => isThere(SINCE[name] ?? '1.7'))) {
      const needed = {
        ...(objective.startsWith('multi:') && { num_class: 3 }),
        ...(objective === 'reg:quantileerror' && { quantile_alpha: 0.5 }),
      };
      const booster = Booster.create({ objective, ...needed }, [matrix]);
      expect(booster.config()).toHaveProperty('learner.objective.name', objective);
      booster.dispose();
    }
  });

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
