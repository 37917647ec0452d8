import { expect, test } from 'vitest';
import { runChild } from './bundled-child.ts';

/** A small model of each kind that the library has, and the bytes of each with one fault after another. */
const faults = `
  import { Booster, DMatrix, loadLibrary, train } from '@kaefer/xgboost';
  loadLibrary().onLog(() => undefined);
  const rows = 300, columns = 4;
  const data = Float32Array.from({ length: rows * columns }, (_, i) => (i * 7919) % 101);
  const codes = data.map((value, i) => (i % columns === 3 ? value % 7 : value));
  const labels = Float32Array.from({ length: rows }, (_, i) => (data[i * columns] + i) % 3);
  const plain = DMatrix.fromDense(data, { rows, columns }, { labels });
  const mixed = DMatrix.fromDense(codes, { rows, columns }, { labels, featureTypes: ['q', 'q', 'q', 'c'], featureNames: ['a', 'b', 'c', 'd'] });
  const classes = { objective: 'multi:softprob', num_class: 3, max_depth: 2, tree_method: 'hist', nthread: 1 };
  const kinds = [
    [mixed, { ...classes, max_cat_to_onehot: 1 }],
    [plain, { ...classes, booster: 'dart', num_class: 3 }],
    [plain, { booster: 'gblinear', objective: 'reg:squarederror', nthread: 1 }],
    ...(loadLibrary().version.major >= 3 ? [[plain, { ...classes, multi_strategy: 'multi_output_tree' }]] : []),
  ];
  for (const [matrix, parameters] of kinds) {
    const { booster } = await train(parameters, matrix, { rounds: 2 });
    for (const format of ['ubj', 'json']) {
      const model = booster.save(format);
      Booster.load(model).dispose();
      const outcomes = { refused: 0, read: 0 };
      const load = (bytes) => {
        try {
          Booster.load(bytes).dispose();
          outcomes.read++;
        } catch (error) {
          if (!['XGBOOST_BAD_MODEL', 'XGBOOST_CALL_FAILED', 'XGBOOST_MODEL_UNSUPPORTED'].includes(error.code)) throw error;
          outcomes.refused++;
        }
      };
      for (let end = 0; end < model.length; end += 3) load(model.slice(0, end));
      if (outcomes.read > 0) throw new Error('a model that was cut has been read');
      for (let bit = 0; bit < model.length * 8; bit += 5) {
        const changed = Uint8Array.from(model);
        changed[bit >> 3] ^= 1 << (bit & 7);
        load(changed);
      }
      console.log(format, outcomes.read > 0, outcomes.refused > 500);
    }
  }
  console.log('alive');
`;

test('no cut and no changed bit of a model ends the process', async () => {
  const { code, signal, stdout, stderr } = await runChild('faults', faults);
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  expect(stdout).toMatch(/^(ubj true true\njson true true\n){3,4}alive\n$/);
});
