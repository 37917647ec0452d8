import { expect, test } from 'vitest';
import { randomStream } from './workspace.ts';
import type { Figures } from '../src/evaluate/assess.ts';
import { correctFor, mostCandidates } from '../src/evaluate/correct-for-candidates.ts';

const side = { metrics: {}, intervals: {} };
const figuresOf = (difference: Figures['difference']): Figures => ({
  current: side,
  candidate: side,
  difference,
  draws: 1000,
});

test('one candidate, and a first model, stay as they are', () => {
  const figures = figuresOf({ auc: { estimate: 0.1, low: 0, high: 0.2, pValue: 0.04 } });
  expect(correctFor(1, figures)).toBe(figures);
  expect(correctFor(3, figuresOf(null)).difference).toBeNull();
});

test('intervals widen about their estimate, p-values count as often as there are candidates', () => {
  const [low, high, pValue] = [0.01, 0.3, 0.02];
  const corrected = correctFor(3, figuresOf({ auc: { estimate: 0.1, low, high, pValue } })).difference?.[
    'auc'
  ];
  expect(corrected).toMatchObject({ estimate: 0.1, pValue: 0.06 });
  expect(corrected?.low).toBeCloseTo(0.1 - (0.09 * 2.39398) / 1.959964, 9);
  expect(corrected?.high).toBeCloseTo(0.1 + (0.2 * 2.39398) / 1.959964, 9);
  expect(
    correctFor(2, figuresOf({ auc: { estimate: 0.1, low: null, high: 0.2, pValue: 0.7 } })).difference?.[
      'auc'
    ],
  ).toMatchObject({ low: null, pValue: 1 });
});

test.each(Array.from({ length: mostCandidates - 1 }, (_, index) => index + 2))(
  'of %i candidates without a difference, one seems to have one at most one time in twenty',
  (candidates) => {
    const random = randomStream(candidates);
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const rounds = 20_000;
    const wrong = { corrected: 0, plain: 0 };
    for (let round = 0; round < rounds; round++) {
      // What the candidates share, the holdout and the current model, makes their differences go together.
      const shared = normal();
      const all = Array.from({ length: candidates }, () => {
        const estimate = Math.SQRT1_2 * (shared + normal());
        return figuresOf({ auc: { estimate, low: estimate - 1.959964, high: estimate + 1.959964 } });
      });
      const isWrong = ({ difference }: Figures): boolean =>
        (difference?.['auc']?.low ?? 0) > 0 || (difference?.['auc']?.high ?? 0) < 0;
      if (all.some(isWrong)) wrong.plain++;
      if (all.some((figures) => isWrong(correctFor(candidates, figures)))) wrong.corrected++;
    }
    expect(wrong.corrected / rounds).toBeLessThan(0.055);
    expect(wrong.plain / rounds).toBeGreaterThan(0.07);
  },
);
