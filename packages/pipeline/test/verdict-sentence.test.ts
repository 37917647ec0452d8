import { describe, expect, test } from 'vitest';
import type { StoredComparison } from '../src/evaluate/stored-comparison.ts';
import { verdictSentence } from '../src/evaluate/verdict-sentence.ts';

type Outcome = StoredComparison['verdict']['outcome'];

interface Counts {
  readonly tp: number;
  readonly fp: number;
}

const confusion = ({ tp, fp }: Counts) => ({ tp, fp, fn: 412 - tp, tn: 5588 - fp });

/** Two binary models on 6,000 rows, 412 of them failures; `only` are failures and other rows that one alone tells rightly. */
function binary(
  outcome: Outcome,
  now: Counts,
  before: Counts,
  only: { readonly found: readonly [number, number]; readonly cleared: readonly [number, number] },
): StoredComparison {
  const [found, cleared] = [only.found, only.cleared];
  const compared = {
    task: 'binary',
    holdout: { rows: 6000, positives: 412, share: 0.2 },
    current: { model: { version: 1 }, metrics: {}, confusion: confusion(before), confusionMatrix: null },
    candidate: { model: { version: 2 }, metrics: {}, confusion: confusion(now), confusionMatrix: null },
    difference: { auc: { estimate: 0.02, low: 0.01, high: 0.03 } },
    verdict: { outcome, metric: 'auc', margin: 0, positive: 'nok' },
    disagreements: {
      counts: { candidate: found[0] + cleared[0], current: found[1] + cleared[1], neither: 0 },
      positives: { candidate: found[0], current: found[1] },
      rows: [],
    },
  };
  return compared as unknown as StoredComparison;
}

const better = binary(
  'better',
  { tp: 381, fp: 120 },
  { tp: 350, fp: 124 },
  { found: [40, 9], cleared: [10, 6] },
);

describe('the sentence of a verdict', () => {
  test('says how many more are found and how many fewer alarms are raised, and what of it was tested', () => {
    expect(verdictSentence(better, 'en')).toBe(
      'The new model is better: on 6,000 rows that neither has seen it finds 31 more of the 412 “nok” while raising 4 fewer false alarms. ' +
        'By AUC, the difference is larger than chance would explain. ' +
        'What it finds differs by more than chance would explain; the false alarms might be chance.',
    );
    expect(verdictSentence(better, 'pt-BR')).toBe(
      'O modelo novo é melhor: em 6.000 linhas que nenhum dos dois viu, ele encontra 31 a mais de 412 “nok” e dá 4 alarmes falsos a menos. ' +
        'Pela AUC, a diferença é maior do que o acaso explicaria. ' +
        'O que ele encontra difere mais do que o acaso explicaria; os alarmes falsos podem ser acaso.',
    );
    expect(verdictSentence(better, 'en', 'versions')).toMatch(
      /^Model 2 is better than model 1: .* it finds 31 more/,
    );
    expect(verdictSentence(better, 'pt-BR', 'versions')).toMatch(/^O modelo 2 é melhor que o modelo 1: /);
  });

  test('claims nothing of counts that differ by no more than luck, or that were not tested', () => {
    const lucky = binary(
      'better',
      { tp: 352, fp: 125 },
      { tp: 350, fp: 124 },
      { found: [5, 3], cleared: [4, 5] },
    );
    expect(verdictSentence(lucky, 'en')).toMatch(
      /it finds 2 more of the 412 “nok”, but raises 1 more false alarm\. By AUC, .* explain\. Chance alone could explain these two counts\.$/,
    );
    const untested: StoredComparison = { ...better, disagreements: null };
    expect(verdictSentence(untested, 'en')).toMatch(
      /By AUC, the difference is larger than chance would explain\.$/,
    );
  });

  test('corrects the tests of the counts for the candidates among which one is chosen', () => {
    const narrow = binary(
      'better',
      { tp: 361, fp: 124 },
      { tp: 350, fp: 124 },
      { found: [15, 4], cleared: [3, 3] },
    );
    expect(verdictSentence(narrow, 'en')).toContain('What it finds differs');
    expect(verdictSentence({ ...narrow, candidates: 3 }, 'en')).toContain('Chance alone could explain these');
  });

  test('says so where the counts are worse although the metric is better, and the other way round', () => {
    const [fewer, more] = [
      { tp: 345, fp: 130 },
      { tp: 350, fp: 124 },
    ];
    const only = { found: [4, 9], cleared: [6, 12] } as const;
    expect(verdictSentence(binary('better', fewer, more, only), 'en')).toBe(
      'The new model is better by AUC, where the difference is larger than chance would explain, but not in what is counted: ' +
        'on 6,000 rows that neither has seen it finds 5 fewer of the 412 “nok” and raises 6 more false alarms. ' +
        'Chance alone could explain these two counts.',
    );
    expect(verdictSentence(binary('better', fewer, more, only), 'pt-BR')).toMatch(
      /é melhor pela AUC, .* mas não no que se conta: .* encontra 5 a menos de 412 “nok” e dá 6 alarmes falsos a mais\./,
    );
    const turned = { found: [9, 4], cleared: [12, 6] } as const;
    expect(verdictSentence(binary('worse', more, fewer, turned), 'en')).toMatch(
      /^The new model is worse by AUC, .* but not in what is counted: .* finds 5 more of the 412 “nok” while raising 6 fewer/,
    );
    const equal = binary('better', more, more, { found: [3, 3], cleared: [2, 2] });
    expect(verdictSentence(equal, 'en')).toMatch(
      /^The new model is better: .* finds as many of the 412 “nok” and raises as many false alarms\./,
    );
  });

  test('of no clear difference tells only counts that differ for sure', () => {
    const none = (counts: StoredComparison) =>
      verdictSentence({ ...counts, verdict: { ...counts.verdict, outcome: 'no_clear_difference' } }, 'en');
    expect(none(better)).toMatch(
      /^There is no clear difference between the two: on 6,000 rows that neither has seen the new model finds 31 more .* By AUC, chance alone would explain a difference like this\. What it finds differs/,
    );
    const equal = binary(
      'better',
      { tp: 350, fp: 124 },
      { tp: 350, fp: 124 },
      { found: [3, 3], cleared: [2, 2] },
    );
    expect(none(equal)).toMatch(/chance alone would explain a difference like this\.$/);
  });

  test('of several classes counts right answers, of a number the average error', () => {
    const right = (a: number, b: number) => [
      [a, 1],
      [2, b],
    ];
    const classes = {
      ...better,
      task: 'multiclass',
      candidate: { ...better.candidate, metrics: { accuracy: 0.912 }, confusionMatrix: right(400, 147) },
      current: { ...better.current, confusionMatrix: right(390, 140) },
      verdict: { ...better.verdict, metric: 'logLoss', positive: null },
    } as StoredComparison;
    expect(verdictSentence(classes, 'en')).toBe(
      'The new model is better: on 6,000 rows that neither has seen it names the right class in 17 more of them (91.2%). ' +
        'By log loss, the difference is larger than chance would explain. ' +
        'The number of right answers differs by more than chance would explain.',
    );
    const byAccuracy = { ...classes, verdict: { ...classes.verdict, metric: 'accuracy' } };
    expect(verdictSentence(byAccuracy, 'pt-BR')).toMatch(/Pela acurácia, .* explicaria\.$/);
    const numbers = {
      ...better,
      task: 'regression',
      candidate: { ...better.candidate, metrics: { mae: 1.9 } },
      current: { ...better.current, metrics: { mae: 1.875 } },
      difference: { mae: { estimate: 0.025, low: -0.1, high: 0.15 } },
      verdict: { ...better.verdict, metric: 'rmse', positive: null },
    } as StoredComparison;
    expect(verdictSentence(numbers, 'en')).toBe(
      'The new model is better by RMSE, where the difference is larger than chance would explain, but not in what is counted: ' +
        'on 6,000 rows that neither has seen it is off by 1.9 on average, 0.025 more than the current one. ' +
        'Chance alone could explain the average error.',
    );
  });
});
