import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  Booster,
  DMatrix,
  loadLibrary,
  Scorer,
  train,
  type FeatureType,
  type Parameters,
} from '../src/index.ts';
import { modelVersion, refuseNewerModel } from '../src/model-version.ts';

/** What golden/make.py writes. */
interface Golden {
  madeBy: string;
  version: string;
  parameters: Parameters;
  rounds: number;
  rows: number;
  columns: number;
  featureNames: string[];
  featureTypes: FeatureType[];
  data: string;
  labels: string;
  model: string;
  margins: string;
  predictions: string;
  contributions: string;
}

const folder = new URL('../golden/', import.meta.url);
const goldens = readdirSync(folder)
  .filter((name) => name.endsWith('.json') && !/-(training|tasks)\.json$/.test(name))
  .map((name) => ({ name, ...(JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Golden) }));

const bytesOf = (base64: string) => Uint8Array.from(Buffer.from(base64, 'base64'));
const floatsOf = (base64: string) => new Float32Array(bytesOf(base64).buffer);
const { major, minor, patch } = loadLibrary().version;
const loadedVersion = `${major}.${minor}.${patch}`;

function isNewer(version: string): boolean {
  const [ofMajor = 0, ofMinor = 0] = version.split('.').map(Number);
  return ofMajor > major || (ofMajor === major && ofMinor > minor);
}

function matrixOf(golden: Golden): DMatrix {
  const { featureNames, featureTypes } = golden;
  return DMatrix.fromDense(floatsOf(golden.data), golden, {
    labels: floatsOf(golden.labels),
    featureNames,
    featureTypes,
  });
}

test('a model of a newer minor version is refused, one of a newer patch is not', () => {
  const model = new TextEncoder().encode('{"learner":{},"version":[3,1,2]}');
  expect(modelVersion(model)).toEqual([3, 1, 2]);
  refuseNewerModel(model, { major: 3, minor: 1, patch: 0 });
  refuseNewerModel(model, { major: 4, minor: 0, patch: 0 });
  for (const older of [
    { major: 3, minor: 0, patch: 9 },
    { major: 2, minor: 9, patch: 0 },
  ]) {
    expect(() => refuseNewerModel(model, older)).toThrow(/XGBoost 3.1 made this model/);
  }
  expect(modelVersion(new TextEncoder().encode('{"learner":{}}'))).toBeUndefined();
});

test('there are golden files of each line of versions', () => {
  expect(goldens.map(({ name }) => name)).toHaveLength(8);
});

describe.each(goldens)('$name, made by $madeBy', (golden) => {
  test('the scorer computes the same margins and contributions', () => {
    const scorer = Scorer.fromModel(bytesOf(golden.model));
    const [data, margins, predictions] = [
      floatsOf(golden.data),
      floatsOf(golden.margins),
      floatsOf(golden.predictions),
    ];
    const contributions = floatsOf(golden.contributions);
    for (let row = 0; row < golden.rows; row++) {
      const features = data.subarray(row * golden.columns, (row + 1) * golden.columns);
      const part = (array: Float32Array, width: number) => array.slice(row * width, (row + 1) * width);
      expect(scorer.margins(features)).toEqual(part(margins, scorer.groups));
      expect(scorer.predict(features)).toEqual(part(predictions, scorer.groups));
      const ours = scorer.contributions(features);
      part(contributions, ours.length).forEach((value, i) => expect(ours[i]).toBeCloseTo(value, 4));
    }
  });

  test('tells its version', () => {
    expect(modelVersion(bytesOf(golden.model))?.join('.')).toBe(golden.version);
  });

  // Which of these hold depends on the library that is loaded; those that do not apply are not tests of this run.
  if (isNewer(golden.version)) {
    test('is refused by the older library', () => {
      expect(() => Booster.load(bytesOf(golden.model))).toThrow(
        expect.objectContaining({ code: 'XGBOOST_MODEL_UNSUPPORTED' }),
      );
    });
  } else {
    test('the library reads the model and predicts the same', () => {
      const [matrix, booster] = [matrixOf(golden), Booster.load(bytesOf(golden.model))];
      expect(booster.predict(matrix, { kind: 'margin' }).values).toEqual(floatsOf(golden.margins));
      expect(booster.featureNames).toEqual(golden.featureNames);
      booster.dispose();
      matrix.dispose();
    });
  }

  if (golden.version === loadedVersion) {
    test('training makes the same bytes as in Python', async () => {
      const matrix = matrixOf(golden);
      const { booster } = await train(golden.parameters, matrix, { rounds: golden.rounds });
      expect(booster.save()).toEqual(bytesOf(golden.model));
      booster.dispose();
      matrix.dispose();
    });
  }
});
