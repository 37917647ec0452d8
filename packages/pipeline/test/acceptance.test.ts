import { describe, expect, test } from 'vitest';
import { acceptance } from '../src/evaluate/acceptance.ts';
import { decideVerdict, exceedsLimits } from '../src/evaluate/verdict.ts';

const rule = { fewestRows: 100, fewestPositives: 10 };
const figures = {
  verdict: { outcome: 'better', metric: 'auc', positive: 'yes' },
  holdout: { rows: 100, positives: 10, share: 0.2, looks: 11 },
} as const;
const failed = (...changes: Parameters<typeof acceptance>): string[] =>
  (acceptance(...changes)?.checks ?? []).filter(({ passed }) => !passed).map(({ name }) => name);

describe('accepting by itself', () => {
  test('asks for all, and says which of it did not hold', () => {
    const clean = { overlap: 0 };
    expect(acceptance(figures, clean, null)).toBeNull();
    expect(acceptance(figures, clean, rule)?.accepted).toBe(true);
    for (const outcome of ['worse', 'no_clear_difference', 'first_model'] as const)
      expect(failed({ ...figures, verdict: { ...figures.verdict, outcome } }, clean, rule)).toEqual([
        'better',
      ]);
    const onRows = (holdout: { rows?: number; positives?: number | null; looks?: number }) =>
      failed({ ...figures, holdout: { ...figures.holdout, ...holdout } }, clean, rule);
    expect(onRows({ rows: 99 })).toEqual(['rows']);
    expect(onRows({ positives: 9 })).toEqual(['positives']);
    expect(onRows({ positives: 95 }), 'the rarer outcome counts').toEqual(['positives']);
    expect(onRows({ positives: null }), 'a number has no outcomes').toEqual([]);
    expect(onRows({ looks: 12 })).toEqual(['looks']);
    expect(failed(figures, { overlap: 1 }, rule)).toEqual(['audit']);
  });
});

describe('what a better model may cost', () => {
  test('no more than the project allows; without a limit, anything', () => {
    const cost = { bytes: 1000, microseconds: 20 };
    expect(exceedsLimits(cost, { mostBytes: null, mostMicroseconds: null })).toEqual([]);
    expect(exceedsLimits(cost, { mostBytes: 1000, mostMicroseconds: 20 })).toEqual([]);
    expect(exceedsLimits(cost, { mostBytes: 999, mostMicroseconds: 19.9 })).toEqual(['size', 'latency']);
    const better = { auc: { estimate: 0.02, low: 0.01, high: 0.03 } };
    expect(decideVerdict('binary', better, [], 0, ['size'])).toEqual({
      outcome: 'no_clear_difference',
      concerns: ['size'],
    });
    expect(decideVerdict('binary', better, [], 0.01).outcome).toBe('no_clear_difference');
    expect(decideVerdict('binary', better, [], 0.0099).outcome).toBe('better');
  });
});
