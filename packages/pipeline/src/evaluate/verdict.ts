import type { Comparison, Difference, ModelCost, Task } from '@kaefer/contracts';
import { render, type Locale, type Parameters, type Sentence } from '@kaefer/contracts/messages';
import type { StoredComparison } from './stored-comparison.ts';

/** The metric that decides, for each task: a proper one that no threshold moves. */
export const primaryMetric = {
  binary: { name: 'auc', larger: 'better' },
  multiclass: { name: 'logLoss', larger: 'worse' },
  regression: { name: 'rmse', larger: 'worse' },
} as const satisfies Record<Task, { name: string; larger: 'better' | 'worse' }>;

/** What kept a model whose deciding metric is better from being called so. */
export type Concern = 'calibration' | 'segment' | 'size' | 'latency';

export interface Decided {
  readonly outcome: Comparison['verdict']['outcome'];
  /** Not empty only where the deciding metric alone would have said *better*. */
  readonly concerns: readonly Concern[];
}

/** What a model that is called better may cost; null: whatever it does. */
export interface CostLimits {
  readonly mostBytes: number | null;
  readonly mostMicroseconds: number | null;
}

export const exceedsLimits = (
  { bytes, microseconds }: ModelCost,
  { mostBytes, mostMicroseconds }: CostLimits,
): Concern[] => [
  ...(mostBytes !== null && bytes > mostBytes ? (['size'] as const) : []),
  ...(mostMicroseconds !== null && microseconds > mostMicroseconds ? (['latency'] as const) : []),
];

/** The part of a segment that the verdict looks at; a loss, so that above 0 is worse. */
export interface JudgedSegment {
  readonly difference: { readonly estimate: number };
  readonly adjustedPValue: number;
}

const significant = 0.05;

/**
 * Better or worse when the 95 % interval of the deciding metric's difference lies beyond the margin; otherwise no clear
 * difference, however large the number.
 *
 * *Better* has guard rails: a binary model whose log loss is clearly worse (its probabilities are less true), or one that
 * is clearly worse in some segment (Holm's p-value below 0.05), or that costs more than the project allows, is not called
 * better, and `concerns` says why.
 *
 * @param differences candidate − current by metric; null for a first model
 * @param margin smallest difference of the deciding metric that matters, in its unit, at least 0; default 0
 * @param tooCostly see {@link exceedsLimits}; default nothing
 */
export function decideVerdict(
  task: Task,
  differences: Readonly<Record<string, Difference>> | null,
  segments: readonly JudgedSegment[] = [],
  margin = 0,
  tooCostly: readonly Concern[] = [],
): Decided {
  if (differences === null) return { outcome: 'first_model', concerns: [] };
  const outcome = decideOutcome(task, differences[primaryMetric[task].name], margin);
  if (outcome !== 'better') return { outcome, concerns: [] };
  const concerns: Concern[] = [];
  if (task === 'binary' && (differences['logLoss']?.low ?? 0) > 0) concerns.push('calibration');
  if (segments.some((s) => s.difference.estimate > 0 && s.adjustedPValue < significant))
    concerns.push('segment');
  concerns.push(...tooCostly);
  return { outcome: concerns.length === 0 ? outcome : 'no_clear_difference', concerns };
}

/** {@link decideVerdict} by the deciding metric alone. */
export function decideOutcome(
  task: Task,
  difference: Difference | undefined,
  margin = 0,
): Comparison['verdict']['outcome'] {
  if (difference === undefined) return 'first_model';
  const { low, high } = difference;
  if (low === null || high === null || (low <= margin && high >= -margin)) return 'no_clear_difference';
  const rises = low > margin;
  return rises === (primaryMetric[task].larger === 'better') ? 'better' : 'worse';
}

const binaryCounts: Sentence = {
  en: 'on {rows} rows that neither has seen it finds {found} of the {positives} “{positive}” ({current} {foundBefore}), with {alarms} false alarms ({current} {alarmsBefore})',
  'pt-BR':
    'em {rows} linhas que nenhum dos dois viu, ele encontra {found} de {positives} “{positive}” ({current}, {foundBefore}), com {alarms} alarmes falsos ({current}, {alarmsBefore})',
};
const multiclassCounts: Sentence = {
  en: 'on {rows} rows that neither has seen it names the right class in {accuracy} of them ({current} in {accuracyBefore})',
  'pt-BR':
    'em {rows} linhas que nenhum dos dois viu, ele acerta a classe em {accuracy} delas ({current}, em {accuracyBefore})',
};
const regressionCounts: Sentence = {
  en: 'on {rows} rows that neither has seen it is off by {mae} on average ({current} by {maeBefore})',
  'pt-BR': 'em {rows} linhas que nenhum dos dois viu, ele erra em média {mae} ({current}, {maeBefore})',
};
const frames: Record<'better' | 'worse' | 'no_clear_difference', Sentence> = {
  better: {
    en: '{Candidate} is better: {counts}. The difference is larger than chance would explain.',
    'pt-BR': '{Candidate} é melhor: {counts}. A diferença é maior do que o acaso explicaria.',
  },
  worse: {
    en: '{Candidate} is worse: {counts}. The difference is larger than chance would explain.',
    'pt-BR': '{Candidate} é pior: {counts}. A diferença é maior do que o acaso explicaria.',
  },
  no_clear_difference: {
    en: 'There is no clear difference between the two: {candidate}, {counts}. {reason}',
    'pt-BR': 'Não há diferença clara entre os dois. {Candidate}: {counts}. {reason}',
  },
};
const reasons: Record<'chance' | 'margin', Sentence> = {
  chance: {
    en: 'Chance alone would explain a difference like this.',
    'pt-BR': 'O acaso sozinho explicaria uma diferença assim.',
  },
  margin: {
    en: 'A difference like this may be smaller than what matters to this project.',
    'pt-BR': 'Uma diferença assim pode ser menor do que o que importa a este projeto.',
  },
};
/** Where the deciding metric is better but a guard rail holds. */
const heldBack: Sentence = {
  en: '{Candidate} is not better in every respect: {counts}. On the whole it orders the rows better, but {concerns}.',
  'pt-BR':
    '{Candidate} não é melhor em tudo: {counts}. No conjunto ele ordena melhor as linhas, mas {concerns}.',
};
const concernTexts: Record<Concern, Sentence> = {
  calibration: {
    en: 'its probabilities are further from what happens',
    'pt-BR': 'as probabilidades dele estão mais longe do que acontece',
  },
  segment: {
    en: 'in at least one part of the data it is clearly worse',
    'pt-BR': 'em pelo menos uma parte dos dados ele é claramente pior',
  },
  size: {
    en: 'it is larger than this project allows',
    'pt-BR': 'ele é maior do que este projeto permite',
  },
  latency: {
    en: 'it takes longer for a record than this project allows',
    'pt-BR': 'ele leva mais tempo por registro do que este projeto permite',
  },
};
const heldBackOther: Sentence = {
  en: '{Candidate} is not better in every respect: {counts}. On the whole it is better, but {concerns}.',
  'pt-BR': '{Candidate} não é melhor em tudo: {counts}. No conjunto ele é melhor, mas {concerns}.',
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

const roleNames = {
  en: { Candidate: 'The new model', candidate: 'the new model', current: 'the current one' },
  'pt-BR': { Candidate: 'O modelo novo', candidate: 'o modelo novo', current: 'o atual' },
};

/** Models by their versions, where neither is the new one. */
function versionNames({ candidate, current }: StoredComparison, locale: Locale): Parameters {
  const [now, before] = [candidate.model.version, current?.model.version ?? ''];
  return locale === 'en'
    ? { Candidate: `Model ${now}`, candidate: `model ${now}`, current: `model ${before}` }
    : { Candidate: `O modelo ${now}`, candidate: `o modelo ${now}`, current: `o modelo ${before}` };
}

/**
 * The verdict in one plain sentence.
 *
 * @param names whether the models are called by their roles in a run, or by their versions
 */
export function verdictSentence(
  comparison: StoredComparison,
  locale: Locale,
  names: 'roles' | 'versions' = 'roles',
): string {
  const { task, candidate, current, holdout, verdict } = comparison;
  const percent = (value: number | null | undefined): string =>
    value === null || value === undefined
      ? '–'
      : value.toLocaleString(locale, { style: 'percent', maximumFractionDigits: 1 });
  const amount = (value: number | null | undefined): string =>
    value === null || value === undefined
      ? '–'
      : value.toLocaleString(locale, { maximumSignificantDigits: 3 });
  const called = names === 'roles' ? roleNames[locale] : versionNames(comparison, locale);
  const parameters = {
    ...called,
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
  const told = render(counts, parameters, locale);
  if (verdict.concerns !== undefined && verdict.concerns.length > 0) {
    const concerns = verdict.concerns
      .map((concern) => render(concernTexts[concern], {}, locale))
      .join(locale === 'en' ? ', and ' : ', e ');
    return render(
      task === 'binary' ? heldBack : heldBackOther,
      { ...called, counts: told, concerns },
      locale,
    );
  }
  const { low = null, high = null } = comparison.difference?.[verdict.metric] ?? {};
  const isBeyondChance = (verdict.margin ?? 0) > 0 && low !== null && high !== null && (low > 0 || high < 0);
  const reason = render(reasons[isBeyondChance ? 'margin' : 'chance'], {}, locale);
  return render(frames[verdict.outcome], { ...called, counts: told, reason }, locale);
}
