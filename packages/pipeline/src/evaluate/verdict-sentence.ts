import { mcNemarTest } from '@kaefer/metrics';
import { render, type Locale, type Parameters, type Sentence } from '@kaefer/contracts/messages';
import type { Task } from '@kaefer/contracts';
import type { StoredComparison } from './stored-comparison.ts';
import { significant, type Concern } from './verdict.ts';

const byMetric: Readonly<Record<string, Sentence>> = {
  auc: { en: 'by AUC', 'pt-BR': 'pela AUC' },
  averagePrecision: { en: 'by average precision', 'pt-BR': 'pela precisão média' },
  logLoss: { en: 'by log loss', 'pt-BR': 'pelo log loss' },
  brier: { en: 'by the Brier score', 'pt-BR': 'pelo escore de Brier' },
  accuracy: { en: 'by accuracy', 'pt-BR': 'pela acurácia' },
  macroF1: { en: 'by macro F1', 'pt-BR': 'pelo F1 macro' },
  rmse: { en: 'by RMSE', 'pt-BR': 'pelo RMSE' },
  mae: { en: 'by MAE', 'pt-BR': 'pelo MAE' },
  r2: { en: 'by R²', 'pt-BR': 'pelo R²' },
};
const byOther: Sentence = { en: 'by {metric}', 'pt-BR': 'por {metric}' };

/** The counts, of which the verdict claims nothing by itself; `{subject}` is the newer of the two. */
const countTexts: Record<Task, Sentence> = {
  binary: {
    en: 'on {rows} rows that neither has seen {subject} {found}{alarms}',
    'pt-BR': 'em {rows} linhas que nenhum dos dois viu, {subject} {found}{alarms}',
  },
  multiclass: {
    en: 'on {rows} rows that neither has seen {subject} names the right class {right}',
    'pt-BR': 'em {rows} linhas que nenhum dos dois viu, {subject} acerta a classe {right}',
  },
  regression: {
    en: 'on {rows} rows that neither has seen {subject} is off by {mae} on average, {distance}',
    'pt-BR': 'em {rows} linhas que nenhum dos dois viu, {subject} erra em média {mae}, {distance}',
  },
};

type Direction = 'more' | 'fewer' | 'same';
const foundTexts: Record<Direction, Sentence> = {
  more: {
    en: 'finds {n} more of the {positives} “{positive}”',
    'pt-BR': 'encontra {n} a mais de {positives} “{positive}”',
  },
  fewer: {
    en: 'finds {n} fewer of the {positives} “{positive}”',
    'pt-BR': 'encontra {n} a menos de {positives} “{positive}”',
  },
  same: {
    en: 'finds as many of the {positives} “{positive}”',
    'pt-BR': 'encontra tantos quanto o outro de {positives} “{positive}”',
  },
};
const alarmTexts: Record<Direction, Sentence> = {
  more: { en: 'raises {n} more false {alarms}', 'pt-BR': 'dá {n} {alarms} a mais' },
  fewer: { en: 'raises {n} fewer false {alarms}', 'pt-BR': 'dá {n} {alarms} a menos' },
  same: { en: 'raises as many false alarms', 'pt-BR': 'dá tantos alarmes falsos quanto o outro' },
};
const whileFewer: Sentence = {
  en: 'while raising {n} fewer false {alarms}',
  'pt-BR': 'e dá {n} {alarms} a menos',
};
const joints = { and: { en: ' and', 'pt-BR': ' e' }, but: { en: ', but', 'pt-BR': ', mas' } } as const;
const alarmNames = { en: ['alarm', 'alarms'], 'pt-BR': ['alarme falso', 'alarmes falsos'] } as const;
const rightTexts: Record<Direction, Sentence> = {
  more: { en: 'in {n} more of them ({accuracy})', 'pt-BR': 'em {n} a mais delas ({accuracy})' },
  fewer: { en: 'in {n} fewer of them ({accuracy})', 'pt-BR': 'em {n} a menos delas ({accuracy})' },
  same: { en: 'in as many of them ({accuracy})', 'pt-BR': 'em tantas delas quanto o outro ({accuracy})' },
};
const distanceTexts: Record<Direction, Sentence> = {
  more: { en: '{n} more than {current}', 'pt-BR': '{n} a mais que {current}' },
  fewer: { en: '{n} less than {current}', 'pt-BR': '{n} a menos que {current}' },
  same: { en: 'as much as {current}', 'pt-BR': 'tanto quanto {current}' },
};

const frames: Record<'better' | 'worse' | 'no_clear_difference', Sentence> = {
  better: {
    en: '{Candidate} is better{than}: {counts}. {By}, the difference is larger than chance would explain.',
    'pt-BR': '{Candidate} é melhor{than}: {counts}. {By}, a diferença é maior do que o acaso explicaria.',
  },
  worse: {
    en: '{Candidate} is worse{than}: {counts}. {By}, the difference is larger than chance would explain.',
    'pt-BR': '{Candidate} é pior{than}: {counts}. {By}, a diferença é maior do que o acaso explicaria.',
  },
  no_clear_difference: {
    en: 'There is no clear difference between {both}: {counts}. {reason}',
    'pt-BR': 'Não há diferença clara entre {both}: {counts}. {reason}',
  },
};
/** Where the counts say the opposite of the metric that decides. */
const contradicted: Record<'better' | 'worse', Sentence> = {
  better: {
    en: '{Candidate} is better{than} {by}, where the difference is larger than chance would explain, but not in what is counted: {counts}.',
    'pt-BR':
      '{Candidate} é melhor{than} {by}, em que a diferença é maior do que o acaso explicaria, mas não no que se conta: {counts}.',
  },
  worse: {
    en: '{Candidate} is worse{than} {by}, where the difference is larger than chance would explain, but not in what is counted: {counts}.',
    'pt-BR':
      '{Candidate} é pior{than} {by}, em que a diferença é maior do que o acaso explicaria, mas não no que se conta: {counts}.',
  },
};
const reasons: Record<'chance' | 'margin', Sentence> = {
  chance: {
    en: '{By}, chance alone would explain a difference like this.',
    'pt-BR': '{By}, o acaso sozinho explicaria uma diferença assim.',
  },
  margin: {
    en: '{By}, a difference like this may be smaller than what matters to this project.',
    'pt-BR': '{By}, uma diferença assim pode ser menor do que o que importa a este projeto.',
  },
};
/** Where the deciding metric is better but a guard rail holds. */
const heldBack: Sentence = {
  en: '{Candidate} is not better{than} in every respect: {counts}. {By}, it is better, by more than chance would explain, but {concerns}.',
  'pt-BR':
    '{Candidate} não é melhor{than} em tudo: {counts}. {By}, ele é melhor, mais do que o acaso explicaria, mas {concerns}.',
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
/** What was tested of the counts. */
type Tested = 'neither' | 'found' | 'alarms' | 'both' | 'right' | 'notRight' | 'distance' | 'notDistance';
const testedTexts: Record<Tested, Sentence> = {
  neither: {
    en: 'Chance alone could explain these two counts.',
    'pt-BR': 'O acaso sozinho poderia explicar essas duas contagens.',
  },
  found: {
    en: 'What it finds differs by more than chance would explain; the false alarms might be chance.',
    'pt-BR': 'O que ele encontra difere mais do que o acaso explicaria; os alarmes falsos podem ser acaso.',
  },
  alarms: {
    en: 'The false alarms differ by more than chance would explain; what it finds might be chance.',
    'pt-BR': 'Os alarmes falsos diferem mais do que o acaso explicaria; o que ele encontra pode ser acaso.',
  },
  both: {
    en: 'Both counts differ by more than chance would explain.',
    'pt-BR': 'As duas contagens diferem mais do que o acaso explicaria.',
  },
  right: {
    en: 'The number of right answers differs by more than chance would explain.',
    'pt-BR': 'O número de acertos difere mais do que o acaso explicaria.',
  },
  notRight: {
    en: 'Chance alone could explain the number of right answers.',
    'pt-BR': 'O acaso sozinho poderia explicar o número de acertos.',
  },
  distance: {
    en: 'The average error differs by more than chance would explain.',
    'pt-BR': 'O erro médio difere mais do que o acaso explicaria.',
  },
  notDistance: {
    en: 'Chance alone could explain the average error.',
    'pt-BR': 'O acaso sozinho poderia explicar o erro médio.',
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

/** What the two models are called; `than` follows “better” or “worse”. */
interface Called {
  readonly [part: string]: string;
  readonly Candidate: string;
  readonly candidate: string;
  readonly current: string;
  readonly it: string;
  readonly than: string;
  readonly both: string;
}

const roleNames: Record<Locale, Called> = {
  en: {
    Candidate: 'The new model',
    candidate: 'the new model',
    current: 'the current one',
    it: 'it',
    than: '',
    both: 'the two',
  },
  'pt-BR': {
    Candidate: 'O modelo novo',
    candidate: 'o modelo novo',
    current: 'o atual',
    it: 'ele',
    than: '',
    both: 'os dois',
  },
};

/** Models by their versions, where neither is the new one. */
function versionNames(comparison: StoredComparison, locale: Locale): Called {
  const [name, than, and] =
    locale === 'en' ? (['model', 'than', 'and'] as const) : (['o modelo', 'que', 'e'] as const);
  const candidate = `${name} ${comparison.candidate.model.version}`;
  const current = `${name} ${comparison.current?.model.version ?? ''}`;
  return {
    Candidate: capitalised(candidate),
    candidate,
    current,
    it: roleNames[locale].it,
    than: ` ${than} ${current}`,
    both: `${candidate} ${and} ${current}`,
  };
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * The verdict in plain words: how much more or less the newer model finds, by which metric that was tested, and what a test
 * of the counts themselves says (McNemar's, corrected for the two counts and for the candidates of the run).
 *
 * @param names whether the models are called by their roles in a run, or by their versions
 */
export function verdictSentence(
  comparison: StoredComparison,
  locale: Locale,
  names: 'roles' | 'versions' = 'roles',
): string {
  const { task, verdict } = comparison;
  const { outcome, concerns = [] } = verdict;
  if (outcome === 'first_model') return render(firstFrames[task], firstFacts(comparison, locale), locale);
  const called = names === 'roles' ? roleNames[locale] : versionNames(comparison, locale);
  const by = render(byMetric[verdict.metric] ?? byOther, { metric: verdict.metric }, locale);
  const By = capitalised(by);
  const counted = (subject: string): string => countsOf(comparison, { ...called, subject }, locale);
  if (concerns.length > 0) {
    const told = concerns
      .map((concern) => render(concernTexts[concern], {}, locale))
      .join(locale === 'en' ? ', and ' : ', e ');
    return render(heldBack, { ...called, counts: counted(called.it), By, concerns: told }, locale);
  }
  const tested = testedCounts(comparison);
  const note = tested === undefined ? '' : ` ${render(testedTexts[tested], {}, locale)}`;
  if (outcome === 'no_clear_difference') {
    const reason = render(reasons[isBeyondChance(comparison) ? 'margin' : 'chance'], { By }, locale);
    const isClear = tested !== undefined && !['neither', 'notRight', 'notDistance'].includes(tested);
    const told = render(frames[outcome], { ...called, counts: counted(called.candidate), reason }, locale);
    return told + (isClear ? note : '');
  }
  const frame = (isContradicted(comparison) ? contradicted : frames)[outcome];
  return render(frame, { ...called, counts: counted(called.it), by, By }, locale) + note;
}

/** Whether the deciding metric differs for sure, but perhaps by less than the project's margin. */
function isBeyondChance({ verdict: { metric, margin = 0 }, difference }: StoredComparison): boolean {
  const { low = null, high = null } = difference?.[metric] ?? {};
  return margin > 0 && low !== null && high !== null && (low > 0 || high < 0);
}

/** How the candidate's counts differ from the current model's; more found is better, more alarms or distance worse. */
interface CountChanges {
  readonly found: number;
  readonly alarms: number;
  readonly right: number;
  readonly distance: number;
}

function changesOf({ candidate, current }: StoredComparison): CountChanges {
  const [now, before] = [candidate.confusion, current?.confusion];
  const rightOf = (matrix: readonly (readonly number[])[] | null | undefined): number =>
    (matrix ?? []).reduce((sum, row, place) => sum + (row[place] ?? 0), 0);
  return {
    found: (now?.tp ?? 0) - (before?.tp ?? 0),
    alarms: (now?.fp ?? 0) - (before?.fp ?? 0),
    right: rightOf(candidate.confusionMatrix) - rightOf(current?.confusionMatrix),
    distance: (candidate.metrics['mae'] ?? 0) - (current?.metrics['mae'] ?? 0),
  };
}

const directionOf = (change: number): Direction => (change > 0 ? 'more' : change < 0 ? 'fewer' : 'same');

function countsOf(comparison: StoredComparison, called: Parameters, locale: Locale): string {
  const { task, candidate, holdout, verdict } = comparison;
  const { found, alarms, right, distance } = changesOf(comparison);
  const say = (texts: Record<Direction, Sentence>, change: number, size: string | number): string =>
    render(texts[directionOf(change)], { ...facts, n: size }, locale);
  const facts = {
    ...called,
    rows: holdout.rows,
    positives: holdout.positives ?? 0,
    positive: verdict.positive ?? '',
    alarms: alarmNames[locale][Math.abs(alarms) === 1 ? 0 : 1],
    accuracy: percent(candidate.metrics['accuracy'], locale),
    mae: amount(candidate.metrics['mae'], locale),
  };
  const size = Math.abs(alarms);
  const joint = joints[found > 0 && alarms > 0 ? 'but' : 'and'][locale];
  const toldAlarms =
    found >= 0 && alarms < 0
      ? ` ${render(whileFewer, { ...facts, n: size }, locale)}`
      : `${joint} ${say(alarmTexts, alarms, size)}`;
  const parts = {
    found: say(foundTexts, found, Math.abs(found)),
    alarms: toldAlarms,
    right: say(rightTexts, right, Math.abs(right)),
    distance: say(distanceTexts, distance, amount(Math.abs(distance), locale)),
  };
  return render(countTexts[task], { ...facts, ...parts }, locale);
}

/** Whether all that is counted got no better where the metric did, and some of it worse; or the other way round. */
function isContradicted(comparison: StoredComparison): boolean {
  const { task, verdict } = comparison;
  const { found, alarms, right, distance } = changesOf(comparison);
  const gains = { binary: [found, -alarms], multiclass: [right], regression: [-distance] }[task];
  const direction = verdict.outcome === 'better' ? 1 : -1;
  return gains.every((gain) => gain * direction <= 0) && gains.some((gain) => gain !== 0);
}

/** What a test of the counts says; undefined where there is none, or where it would be that of the verdict. */
function testedCounts(comparison: StoredComparison): Tested | undefined {
  const { task, disagreements, difference, candidates, verdict } = comparison;
  if (task === 'regression') {
    const { low = null, high = null } = difference?.['mae'] ?? {};
    if (verdict.metric === 'mae' || low === null || high === null) return undefined;
    return low > 0 || high < 0 ? 'distance' : 'notDistance';
  }
  if (!disagreements) return undefined;
  const { counts, positives } = disagreements;
  const differs = (candidate: number, current: number, tests: number): boolean => {
    const { pValue } = mcNemarTest({ onlyCandidateRight: candidate, onlyCurrentRight: current });
    return pValue * tests * (candidates ?? 1) < significant;
  };
  if (task === 'multiclass') {
    if (verdict.metric === 'accuracy') return undefined;
    return differs(counts.candidate, counts.current, 1) ? 'right' : 'notRight';
  }
  if (!positives) return undefined;
  const found = differs(positives.candidate, positives.current, 2);
  const alarms = differs(counts.candidate - positives.candidate, counts.current - positives.current, 2);
  return found && alarms ? 'both' : found ? 'found' : alarms ? 'alarms' : 'neither';
}

function firstFacts({ candidate, holdout, verdict }: StoredComparison, locale: Locale): Parameters {
  return {
    rows: holdout.rows,
    positives: holdout.positives ?? 0,
    positive: verdict.positive ?? '',
    found: candidate.confusion?.tp ?? 0,
    alarms: candidate.confusion?.fp ?? 0,
    accuracy: percent(candidate.metrics['accuracy'], locale),
    mae: amount(candidate.metrics['mae'], locale),
  };
}

function percent(value: number | null | undefined, locale: Locale): string {
  if (value === null || value === undefined) return '–';
  return value.toLocaleString(locale, { style: 'percent', maximumFractionDigits: 1 });
}

function amount(value: number | null | undefined, locale: Locale): string {
  if (value === null || value === undefined) return '–';
  return value.toLocaleString(locale, { maximumSignificantDigits: 3 });
}
