import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import {
  Booster,
  DMatrix,
  loadLibrary,
  Scorer,
  train,
  type FeatureType,
  type Parameters,
} from '../src/index.ts';

interface GoldenModel {
  readonly model: string;
  readonly jsonSha256: string;
  readonly history: Readonly<Record<string, readonly number[]>>;
  readonly value: string;
  readonly margin: string;
  readonly leaf: string;
  readonly contributions: string;
}

interface GoldenTask {
  readonly parameters: Parameters;
  readonly featureTypes: FeatureType[] | null;
  readonly groups: readonly number[] | null;
  readonly data: string;
  readonly labels: string;
  readonly otherData: string;
  readonly otherLabels: string;
  readonly models: Readonly<Record<'fresh' | 'continued' | 'refreshed', GoldenModel>>;
}

interface Golden {
  readonly version: string;
  readonly rounds: number;
  readonly rows: number;
  readonly columns: number;
  readonly tasks: Readonly<Record<string, GoldenTask>>;
}

const { major, minor, patch } = loadLibrary().version;
const versions = ['1.7.6', '3.2.0'];
// A model of a newer version than the library is refused, which another test looks at.
const isReadable = (version: string): boolean => Number.parseInt(version) <= major;
const read = (version: string): Golden =>
  JSON.parse(readFileSync(new URL(`../golden/${version}-tasks.json`, import.meta.url), 'utf8')) as Golden;

function floats(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

const made: { dispose(): void }[] = [];
const kept = <T extends { dispose(): void }>(one: T): T => {
  made.push(one);
  return one;
};
afterAll(() => {
  for (const one of made) one.dispose();
});

function matrixOf({ rows, columns }: Golden, task: GoldenTask, data: string, labels: string): DMatrix {
  return kept(
    DMatrix.from(
      { data: floats(data), rows, columns },
      {
        labels: floats(labels),
        ...(task.featureTypes && { featureTypes: task.featureTypes }),
        ...(task.groups && { groups: Uint32Array.from(task.groups) }),
      },
    ),
  );
}

const cases = versions.filter(isReadable).flatMap((version) => {
  const golden = read(version);
  return Object.entries(golden.tasks).flatMap(([name, task]) =>
    (['fresh', 'continued', 'refreshed'] as const).map((kind) => ({ version, name, kind, golden, task })),
  );
});

describe.each(cases)('$version, $name, $kind', ({ version, name, kind, golden, task }) => {
  const expected = task.models[kind];

  test('a model that Python saved predicts here as there', () => {
    const bytes = Buffer.from(expected.model, 'base64');
    const booster = kept(Booster.load(bytes));
    const matrix = matrixOf(golden, task, task.data, task.labels);
    // The exponential of another build may differ in the last bit.
    booster
      .predict(matrix)
      .values.forEach((value, at) => expect(value).toBeCloseTo(floats(expected.value)[at] as number, 6));
    expect(booster.predict(matrix, { kind: 'margin' }).values).toEqual(floats(expected.margin));
    expect(booster.predict(matrix, { kind: 'leaf' }).values).toEqual(floats(expected.leaf));
    const contributions = floats(expected.contributions);
    booster
      .predict(matrix, { kind: 'contributions' })
      .values.forEach((value, at) => expect(value).toBeCloseTo(contributions[at] as number, 5));
    const scorer = Scorer.fromModel(bytes);
    const [data, margins] = [floats(task.data), floats(expected.margin)];
    const { rows, columns } = golden;
    for (let row = 0; row < rows; row++) {
      const features = data.subarray(row * columns, (row + 1) * columns);
      const { groups } = scorer;
      expect(scorer.margins(features)).toEqual(margins.slice(row * groups, (row + 1) * groups));
      const width = groups * (columns + 1);
      scorer
        .contributions(features)
        .forEach((value, at) => expect(value).toBeCloseTo(contributions[row * width + at] as number, 4));
    }
  });

  // Version 1 draws the pairs of a ranking by the number of the round, which goes on here where Python begins anew at 0.
  const isDrawnOtherwise = major === 1 && name === 'ranking' && kind === 'continued';
  // Bytes are compared with those of the very version, and the history with that of its line.
  if (version.startsWith(`${major}.`) && !isDrawnOtherwise) {
    test('the model trained here has the history of Python’s', async () => {
      const { booster, history } = await trained(golden, task, kind);
      for (const [metric, values] of Object.entries(expected.history)) {
        const seen = history['train']?.[metric] ?? [];
        expect(seen).toHaveLength(golden.rounds);
        seen.forEach((value, round) => expect(value).toBeCloseTo(values[round] as number, 5));
      }
      kept(booster);
    });
  }

  if (version === `${major}.${minor}.${patch}` && !isDrawnOtherwise) {
    test('and its bytes, in UBJSON and in JSON, so that each side reads what the other saved', async () => {
      const { booster } = await trained(golden, task, kind);
      expect(Buffer.from(kept(booster).save()).toString('base64')).toBe(expected.model);
      const json = createHash('sha256').update(booster.save('json')).digest('hex');
      expect(json).toBe(expected.jsonSha256);
    });
  }
});

async function trained(
  golden: Golden,
  task: GoldenTask,
  kind: 'fresh' | 'continued' | 'refreshed',
): ReturnType<typeof train> {
  const isFresh = kind === 'fresh';
  const matrix = isFresh
    ? matrixOf(golden, task, task.data, task.labels)
    : matrixOf(golden, task, task.otherData, task.otherLabels);
  const update = { process_type: 'update', updater: 'refresh', refresh_leaf: true } as const;
  return train({ ...task.parameters, ...(kind === 'refreshed' && update) }, matrix, {
    rounds: golden.rounds,
    evaluate: [{ matrix, name: 'train' }],
    ...(!isFresh && { initialModel: Buffer.from(task.models.fresh.model, 'base64') }),
  });
}
