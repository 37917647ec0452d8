import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bootstrapBca,
  benjaminiHochberg,
  brierLoss,
  compareSegments,
  disagreements,
  discordance,
  featureDrift,
  holm,
  mcNemarTest,
} from '../src/index.ts';
import { RandomStream } from '../src/random-stream.ts';
import { expectClose } from './closeness.ts';
import { simulate } from './simulated-scores.ts';

const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 });

test('corrections raise p-values, keep their order, and the milder one raises less', () => {
  fc.assert(
    fc.property(pValues, (values) => {
      const strict = holm(values);
      const mild = benjaminiHochberg(values);
      values.forEach((value, i) => {
        expect(mild[i]).toBeGreaterThanOrEqual(value);
        expect(strict[i]).toBeGreaterThanOrEqual(mild[i]! - 1e-15);
        expect(strict[i]).toBeLessThanOrEqual(1);
        values.forEach((other, j) => {
          if (value < other) expect(strict[i]).toBeLessThanOrEqual(strict[j]!);
        });
      });
    }),
  );
});

test('an undefined p-value stays so and does not count', () => {
  expect([...holm([0.01, NaN, 0.04])]).toEqual([0.02, NaN, 0.04]);
  expect(() => holm([1.2])).toThrow(expect.objectContaining({ code: 'metrics_invalid_value' }));
});

test('the order of the partitions and of the rows does not matter to a segment', () => {
  const { labels, a, b } = simulate(8, 900);
  const loss = (scores: Float64Array) => scores.map((score, row) => (score - labels[row]!) ** 2);
  const codes = Int32Array.from(labels, (_, row) => row % 4);
  const halves = Int32Array.from(labels, (_, row) => (row < 450 ? 0 : 1));
  const forth = compareSegments(
    [
      { codes, segments: 4 },
      { codes: halves, segments: 2 },
    ],
    loss(a),
    loss(b),
  );
  const back = compareSegments(
    [
      { codes: halves.toReversed(), segments: 2 },
      { codes: codes.toReversed(), segments: 4 },
    ],
    loss(a).reverse(),
    loss(b).reverse(),
  );
  expect(back).toHaveLength(6);
  back.forEach((segment, index) => {
    expect([1 - segment.partition, segment.segment]).toEqual([
      forth[index]!.partition,
      forth[index]!.segment,
    ]);
    expectClose(segment.adjustedPValue, forth[index]!.adjustedPValue);
  });
  const whole = forth.filter(({ partition }) => partition === 1);
  expectClose((whole[0]!.candidate.estimate + whole[1]!.candidate.estimate) / 2, brierLoss(labels, b));
});

test('small segments and rows in none are left out; a model against itself differs nowhere', () => {
  const codes = Int32Array.from({ length: 200 }, (_, row) => (row < 60 ? 0 : row < 100 ? 1 : -1));
  const losses = Float64Array.from({ length: 200 }, (_, row) => row % 7);
  const seen = compareSegments([{ codes, segments: 2 }], losses, losses);
  expect(seen).toHaveLength(1);
  expect(seen[0]).toMatchObject({ segment: 0, rows: 60, adjustedPValue: 1, difference: { low: 0, high: 0 } });
  expect(() => compareSegments([{ codes, segments: 1 }], losses, losses)).toThrow(/Segment 1 at row 60/);
});

test('of worlds in which no segment differs, at most one in twenty shows one that does', () => {
  const random = new RandomStream(77);
  const worlds = 400;
  let alarms = 0;
  for (let world = 0; world < worlds; world++) {
    const current = Float64Array.from({ length: 1500 }, () => random.fraction());
    const candidate = current.map((loss) => loss + random.fraction() - 0.5);
    const codes = Int32Array.from(current, () => random.uint32() % 12);
    const seen = compareSegments([{ codes, segments: 12 }], current, candidate);
    if (seen.some(({ adjustedPValue }) => adjustedPValue < 0.05)) alarms++;
  }
  // 5 % of 400 is 20, with a standard deviation of 4.4.
  expect(alarms).toBeLessThanOrEqual(33);
  expect(alarms).toBeGreaterThanOrEqual(6);
});

test('disagreements are the rows that are called differently, the farthest apart first', () => {
  const current = { scores: Float32Array.of(0.1, 0.6, 0.4, 0.9, 0.5), threshold: 0.5 };
  const candidate = { scores: Float32Array.of(0.2, 0.3, 0.95, 0.8, 0.4), threshold: 0.45 };
  expect(disagreements(current, candidate)).toEqual({
    count: 3,
    newlyPositive: 1,
    rows: Uint32Array.of(2, 1, 4),
  });
  expect(disagreements(current, candidate, 1).rows).toEqual(Uint32Array.of(2));
  expect(disagreements(current, current).count).toBe(0);
});

test('discordant decisions, and their test by hand', () => {
  const labels = [1, 1, 0, 0, 2];
  expect(discordance(labels, [1, 0, 0, 1, 2], [1, 1, 0, 0, 0])).toEqual({
    onlyCurrentRight: 1,
    onlyCandidateRight: 2,
  });
  // All of five on one side: 2 × 1/32.
  expectClose(mcNemarTest({ onlyCurrentRight: 0, onlyCandidateRight: 5 }).pValue, 2 / 32);
  expect(() => mcNemarTest({ onlyCurrentRight: -1, onlyCandidateRight: 0 })).toThrow(
    expect.objectContaining({ code: 'metrics_invalid_argument' }),
  );
});

test('drift is the same in both directions, and nothing when nothing moved', () => {
  const counts = fc.array(fc.nat({ max: 50 }), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(counts, counts, (before, after) => {
      fc.pre(before.some((n) => n > 0) && after.some((n) => n > 0));
      const forth = featureDrift(before, after);
      const back = featureDrift(after, before);
      expectClose(forth.totalVariation, back.totalVariation);
      expectClose(forth.kolmogorovSmirnov, back.kolmogorovSmirnov);
      expectClose(forth.stabilityIndex, back.stabilityIndex);
      expect(forth.kolmogorovSmirnov).toBeLessThanOrEqual(forth.totalVariation + 1e-12);
      const doubled = before.map((n) => 2 * n);
      expectClose(featureDrift(before, doubled).totalVariation, 0);
    }),
  );
});

test('BCa of paired rows: seeded, turned round with the sides, and true nineteen times in twenty', () => {
  const worlds = 150;
  let held = 0;
  for (let world = 0; world < worlds; world++) {
    const random = new RandomStream(world + 1);
    // Skewed losses: b is a with its mean raised by 0.2.
    const a = Float64Array.from({ length: 80 }, () => -Math.log(random.fraction()));
    const b = a.map((value) => value - 0.4 * Math.log(random.fraction()) - 0.2);
    const mean = (values: Float64Array) => (counts: Uint16Array) =>
      values.reduce((sum, value, row) => sum + value * counts[row]!, 0) / values.length;
    const { difference } = bootstrapBca(80, mean(a), mean(b), { seed: world, draws: 300 });
    if (difference.low <= 0.2 && 0.2 <= difference.high) held++;
    if (world > 0) continue;
    expect(bootstrapBca(80, mean(a), mean(b), { seed: 0, draws: 300 }).difference).toEqual(difference);
    const back = bootstrapBca(80, mean(b), mean(a), { seed: 0, draws: 300 }).difference;
    expectClose(back.low, -difference.high, 1e-9);
  }
  expect(held).toBeGreaterThanOrEqual(132);
});

test('rows drawn at once are those drawn one by one', () => {
  const [one, other] = [new RandomStream(4), new RandomStream(4)];
  const counts = new Uint16Array(500);
  for (let draw = 0; draw < 3; draw++) {
    const expected = new Uint16Array(500);
    for (let i = 0; i < 500; i++) expected[Math.floor((other.uint32() / 2 ** 32) * 500)]!++;
    one.drawRows(counts);
    expect(counts).toEqual(expected);
  }
  expect(one.uint32()).toBe(other.uint32());
});
