import type { Comparison, Difference, Task } from '@kaefer/contracts';
import { render, type Locale, type Sentence } from '@kaefer/contracts/messages';
import type { StoredComparison } from './stored-comparison.ts';

/** The metric that decides, for each task: a proper one that no threshold moves. */
export const primaryMetric = {
  binary: { name: 'auc', larger: 'better' },
  multiclass: { name: 'logLoss', larger: 'worse' },
  regression: { name: 'rmse', larger: 'worse' },
} as const satisfies Record<Task, { name: string; larger: 'better' | 'worse' }>;

/**
 * Better or worse when the 95 % interval of the difference leaves out zero; otherwise no clear difference, however
 * large the number.
 */
export function decideOutcome(
  task: Task,
  difference: Difference | undefined,
): Comparison['verdict']['outcome'] {
  if (difference === undefined) return 'first_model';
  const { low, high } = difference;
  if (low === null || high === null || (low <= 0 && high >= 0)) return 'no_clear_difference';
  const rises = low > 0;
  return rises === (primaryMetric[task].larger === 'better') ? 'better' : 'worse';
}

const binaryCounts: Sentence = {
  en: 'on {rows} rows that neither has seen it finds {found} of the {positives} “{positive}” (the current one {foundBefore}), with {alarms} false alarms (the current one {alarmsBefore})',
  'pt-BR':
    'em {rows} linhas que nenhum dos dois viu, ele encontra {found} de {positives} “{positive}” (o atual, {foundBefore}), com {alarms} alarmes falsos (o atual, {alarmsBefore})',
};
const multiclassCounts: Sentence = {
  en: 'on {rows} rows that neither has seen it names the right class in {accuracy} of them (the current one in {accuracyBefore})',
  'pt-BR':
    'em {rows} linhas que nenhum dos dois viu, ele acerta a classe em {accuracy} delas (o atual, em {accuracyBefore})',
};
const regressionCounts: Sentence = {
  en: 'on {rows} rows that neither has seen it is off by {mae} on average (the current one by {maeBefore})',
  'pt-BR': 'em {rows} linhas que nenhum dos dois viu, ele erra em média {mae} (o atual, {maeBefore})',
};
const frames: Record<'better' | 'worse' | 'no_clear_difference', Sentence> = {
  better: {
    en: 'The new model is better: {counts}. The difference is larger than chance would explain.',
    'pt-BR': 'O modelo novo é melhor: {counts}. A diferença é maior do que o acaso explicaria.',
  },
  worse: {
    en: 'The new model is worse: {counts}. The difference is larger than chance would explain.',
    'pt-BR': 'O modelo novo é pior: {counts}. A diferença é maior do que o acaso explicaria.',
  },
  no_clear_difference: {
    en: 'There is no clear difference between the two: the new model, {counts}. Chance alone would explain a difference like this.',
    'pt-BR':
      'Não há diferença clara entre os dois. O modelo novo: {counts}. O acaso sozinho explicaria uma diferença assim.',
  },
};
const firstFrames: Record<Task, Sentence> = {
  binary: {
    en: 'This is the first model: on {rows} rows it has never seen it finds {found} of the {positives} “{positive}”, with {alarms} false alarms.',
    'pt-BR':
      'Este é o primeiro modelo: em {rows} linhas que ele nunca viu, encontra {found} de {positives} “{positive}”, com {alarms} alarmes falsos.',
  },
  multiclass: {
    en: 'This is the first model: on {rows} rows it has never seen it names the right class in {accuracy} of them.',
    'pt-BR':
      'Este é o primeiro modelo: em {rows} linhas que ele nunca viu, acerta a classe em {accuracy} delas.',
  },
  regression: {
    en: 'This is the first model: on {rows} rows it has never seen it is off by {mae} on average.',
    'pt-BR': 'Este é o primeiro modelo: em {rows} linhas que ele nunca viu, erra em média {mae}.',
  },
};

/** The verdict in one plain sentence. */
export function verdictSentence(comparison: StoredComparison, locale: Locale): string {
  const { task, candidate, current, holdout, verdict } = comparison;
  const percent = (value: number | null | undefined): string =>
    value === null || value === undefined
      ? '–'
      : value.toLocaleString(locale, { style: 'percent', maximumFractionDigits: 1 });
  const amount = (value: number | null | undefined): string =>
    value === null || value === undefined
      ? '–'
      : value.toLocaleString(locale, { maximumSignificantDigits: 3 });
  const parameters = {
    rows: holdout.rows,
    positives: holdout.positives ?? 0,
    positive: verdict.positive ?? '',
    found: candidate.confusion?.tp ?? 0,
    foundBefore: current?.confusion?.tp ?? 0,
    alarms: candidate.confusion?.fp ?? 0,
    alarmsBefore: current?.confusion?.fp ?? 0,
    accuracy: percent(candidate.metrics['accuracy']),
    accuracyBefore: percent(current?.metrics['accuracy']),
    mae: amount(candidate.metrics['mae']),
    maeBefore: amount(current?.metrics['mae']),
  };
  if (verdict.outcome === 'first_model') return render(firstFrames[task], parameters, locale);
  const counts = { binary: binaryCounts, multiclass: multiclassCounts, regression: regressionCounts }[task];
  return render(frames[verdict.outcome], { counts: render(counts, parameters, locale) }, locale);
}
