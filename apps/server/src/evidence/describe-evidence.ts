import {
  mostLooks,
  type Answer,
  type Comparison,
  type Costs,
  type Decision,
  type ModelResult,
  type RowsApart,
} from '@kaefer/contracts';
import { section, table, text } from './evidence-blocks.ts';
import { classesSection } from './evidence-classes.ts';
import type { Block, Cell, EvidenceDocument, EvidenceSection } from './evidence-document.ts';
import { driftSection, segmentsSection, uploadsSection } from './evidence-parts.ts';
import { plotsOf } from './evidence-plots.ts';
import { sidesOf, type Side } from './sides.ts';
import type { EvidenceLanguage, EvidenceText } from './texts.ts';

/** Everything that the evidence of a run, or of a choice from the list of models, tells. */
export interface Evidence {
  readonly project: { readonly name: string; readonly simulated: boolean; readonly costs: Costs | null };
  readonly comparison: Comparison;
  /** Of the stored comparison. */
  readonly sha256: string;
  /** When the run was started, or the choice made. ISO 8601 UTC. */
  readonly startedAt: string;
  readonly decision: Decision | null;
  readonly uploads: readonly { readonly id: string; readonly filename: string; readonly sha256: string }[];
  /** What people call the uploads, and the runs with a recipe, that a segment may name, by id. */
  readonly filenames: ReadonlyMap<string, string>;
}

const shownFeatures = 15;
const shownDisagreements = 10;
const shownReasons = 3;

/** All that a decision rests on. */
export function describeEvidence(evidence: Evidence, language: EvidenceLanguage): EvidenceDocument {
  const { project, comparison, startedAt, filenames } = evidence;
  const sections = [
    verdictSection(evidence, language),
    acceptanceSection(comparison, language),
    figuresSection(comparison, language),
    rowsApartSection(comparison, comparison.newRows, 'newRows', language),
    rowsApartSection(comparison, comparison.oldRows, 'oldRows', language),
    answersSection(comparison, language),
    classesSection(comparison, language),
    section(language.say('curves'), plotsOf(comparison, comparison.costs ?? project.costs, language)),
    segmentsSection(comparison, filenames, language),
    uploadsSection(comparison, filenames, language),
    disagreementsSection(comparison, language),
    driftSection(comparison, language),
    importanceSection(comparison, language),
    originSection(evidence, language),
  ];
  return {
    language: language.locale,
    title: language.say('title', { project: project.name, date: language.time(startedAt) }),
    tag: project.simulated ? language.say('simulated') : null,
    sections: sections.filter((one) => one !== null && one.blocks.length > 0) as EvidenceSection[],
  };
}

function verdictSection({ comparison, decision }: Evidence, language: EvidenceLanguage): EvidenceSection {
  const { say } = language;
  const lead: Block = { kind: 'lead', text: comparison.verdict.sentence };
  if (decision === null) return section(say('verdict'), lead, text(say('undecided')));
  const chosen = decision.choice === 'candidate' ? 'candidateChosen' : 'currentChosen';
  const when = language.time(decision.at);
  return section(
    say('verdict'),
    lead,
    text(
      `, ${decision.automatic ? say('automatically', { when }) : say('by', { who: decision.by, when })}`,
      `${say('decision')}: ${say(chosen, { version: String(decision.champion) })}`,
    ),
    decision.approvedBy === null ? null : text(say('approvedBy', { who: decision.approvedBy })),
    decision.note === null ? null : text(say('reason', { note: decision.note })),
  );
}

/** What had to hold for a model to go into production by itself; nothing in a project that leaves this to people. */
function acceptanceSection({ automatic }: Comparison, language: EvidenceLanguage): EvidenceSection | null {
  if (!automatic) return null;
  const { say } = language;
  const figure = (value: number | null): string => (value === null ? '' : language.number(value, 0));
  return section(
    say('acceptance'),
    text(say(automatic.accepted ? 'accepted' : 'notAccepted')),
    table(
      ['', say('value'), say('askedFor'), say('holds')],
      automatic.checks.map(({ name, passed, value, limit }) => [
        say(`check_${name}`),
        figure(value),
        figure(limit),
        say(passed ? 'yes' : 'no'),
      ]),
    ),
  );
}

function figuresSection(comparison: Comparison, language: EvidenceLanguage): EvidenceSection {
  const { say } = language;
  const { looks = 0, number = 1, collecting } = comparison.holdout;
  const { margin = 0, metric } = comparison.verdict;
  return section(
    say('figures'),
    text(say('figuresOn', { rows: comparison.holdout.rows })),
    text(say('ownIntervals')),
    looks >= mostLooks ? text(say('looks', { looks })) : null,
    number > 1 ? text(say('holdoutSet', { number })) : null,
    collecting ? text(say('holdoutCollecting', collecting)) : null,
    margin > 0 ? text(say('margin', { margin, metric: language.metric(metric) })) : null,
    metricTable(
      comparison,
      comparison.current?.metrics ?? null,
      comparison.candidate.metrics,
      comparison.difference,
      language,
      { current: comparison.current?.intervals ?? {}, candidate: comparison.candidate.intervals },
    ),
    comparison.baseline ? text(plainText(comparison, comparison.baseline, language)) : null,
  );
}

/** Whether the new model is worth more than the plain one. */
function plainText(
  { candidate, verdict: { metric } }: Comparison,
  { kind, metrics, prior, isBeaten }: NonNullable<Comparison['baseline']>,
  language: EvidenceLanguage,
): string {
  return language.say(isBeaten ? 'plainBeaten' : 'plainNotBeaten', {
    kind: language.say(kind),
    metric: language.metric(metric),
    value: language.number(candidate.metrics[metric]),
    plain: language.number(metrics[metric]),
    guess: language.number(prior[metric]),
  });
}

/** Figures on some of the test rows alone. */
function rowsApartSection(
  comparison: Comparison,
  apart: RowsApart | null | undefined,
  which: 'newRows' | 'oldRows',
  language: EvidenceLanguage,
): EvidenceSection | null {
  if (!apart) return null;
  return section(
    language.say(which),
    text(language.say(`${which}On`, { rows: apart.rows })),
    metricTable(comparison, apart.current, apart.candidate, apart.difference, language),
  );
}

function metricTable(
  comparison: Comparison,
  current: ModelResult['metrics'] | null,
  candidate: ModelResult['metrics'],
  difference: Comparison['difference'],
  language: EvidenceLanguage,
  intervals: Record<'current' | 'candidate', ModelResult['intervals']> = { current: {}, candidate: {} },
): Block {
  const { say } = language;
  const figure = (value: number | null | undefined, own?: ModelResult['intervals'][string]): string =>
    !own || own.low === null || own.high === null
      ? language.number(value)
      : `${language.number(value)} (${language.number(own.low)}–${language.number(own.high)})`;
  const names = sidesOf(comparison, language).map(({ name }) => name);
  const compared = difference === null ? [] : [say('difference'), say('interval')];
  return table(
    [say('figure'), ...names, ...compared],
    Object.entries(candidate).map(([metric, value]) => {
      const own = difference?.[metric];
      const interval =
        own && say('fromTo', { low: language.number(own.low), high: language.number(own.high) });
      return [
        language.metric(metric),
        ...(comparison.current === null ? [] : [figure(current?.[metric], intervals.current[metric])]),
        figure(value, intervals.candidate[metric]),
        ...(difference === null ? [] : [language.number(own?.estimate), interval ?? '–']),
      ];
    }),
  );
}

function answersSection(comparison: Comparison, language: EvidenceLanguage): EvidenceSection | null {
  const { say } = language;
  const sides = sidesOf(comparison, language);
  if (comparison.task === 'regression') return null;
  if (comparison.task === 'binary') {
    const outcomes = ['tp', 'fn', 'fp', 'tn'] as const;
    return section(
      say('answers'),
      table(
        ['', ...sides.map(({ name }) => name)],
        outcomes.map((outcome) => [
          say(outcome),
          ...sides.map(({ result }) => language.number(result.confusion?.[outcome], 0)),
        ]),
      ),
    );
  }
  const { classes } = comparison;
  return section(
    say('answers'),
    ...sides.flatMap(({ name, result }) => [
      { kind: 'heading', text: name } as const,
      table(
        [say('trueClass'), ...classes.map((predicted) => say('predictedAs', { name: predicted }))],
        classes.map((truth, row) => [
          truth,
          ...(result.confusionMatrix?.[row] ?? []).map((count) => language.number(count, 0)),
        ]),
      ),
    ]),
  );
}

function disagreementsSection(comparison: Comparison, language: EvidenceLanguage): EvidenceSection | null {
  const { say } = language;
  const { disagreements } = comparison;
  if (!disagreements || disagreements.rows.length === 0) return null;
  const kinds = ['candidate', 'current', 'neither'] as const;
  const positive = comparison.task === 'binary' ? `${comparison.classes[1] ?? ''} ` : '';
  const rows = kinds.flatMap((kind) =>
    disagreements.rows.filter(({ right }) => right === kind).slice(0, shownDisagreements),
  );
  return section(
    say('disagreements'),
    text(say('disagreementCounts', disagreements.counts)),
    table(
      [say('row'), say('outcome'), ...sidesOf(comparison, language).map(({ name }) => name)],
      rows.map(({ key, outcome, current, candidate }) => [
        key,
        outcome,
        answerCell(current, positive, language),
        answerCell(candidate, positive, language),
      ]),
    ),
  );
}

/** @param positive the outcome whose probability the score is, where that is not the answer itself */
function answerCell({ label, score, reasons }: Answer, positive: string, language: EvidenceLanguage): Cell {
  const below = reasons.slice(0, shownReasons).map(({ feature, value, contribution }) => {
    const told =
      value === null
        ? language.say('noValue')
        : typeof value === 'number'
          ? language.plain(value)
          : String(value);
    return `${contribution > 0 ? '↑' : '↓'} ${feature} ${told}`;
  });
  const answer = label === null ? language.plain(score) : `${label} · ${positive}${language.percent(score)}`;
  return { text: answer, below };
}

function importanceSection(comparison: Comparison, language: EvidenceLanguage): EvidenceSection {
  const { say } = language;
  const sides = sidesOf(comparison, language);
  const shareOf = (side: Side, wanted: string): number =>
    side.result.importance.find(({ feature }) => feature === wanted)?.share ?? 0;
  return section(
    say('importance'),
    text(say('importanceOf')),
    table(
      [say('feature'), ...sides.map(({ name }) => name)],
      comparison.candidate.importance
        .slice(0, shownFeatures)
        .map(({ feature }) => [feature, ...sides.map((side) => language.percent(shareOf(side, feature)))]),
    ),
  );
}

function originSection(
  { comparison, uploads, sha256, decision }: Evidence,
  language: EvidenceLanguage,
): EvidenceSection {
  const { say } = language;
  const sides = sidesOf(comparison, language);
  const { audit, datasetVersion, candidate } = comparison;
  const cost = (side: 'current' | 'candidate') => comparison.cost?.[side] ?? null;
  const costs = sides.map(({ kind }) => cost(kind)).filter((one) => one !== null);
  const facts: [EvidenceText, (model: ModelResult['model']) => string][] = [
    ['trainedAt', ({ trainedAt }) => language.time(trainedAt)],
    ['mode', ({ mode }) => say(mode)],
    ['dataVersion', (model) => String(model.datasetVersion)],
    ['trainingRows', ({ trainingRows }) => language.number(trainingRows, 0)],
  ];
  return section(
    say('origin'),
    table(
      ['', ...sides.map(({ name }) => name)],
      facts.map(([name, valueOf]) => [say(name), ...sides.map(({ result }) => valueOf(result.model))]),
    ),
    costs.length === 0
      ? null
      : table(
          ['', ...sides.map(({ name }) => name)],
          [
            [say('megabytes'), ...costs.map(({ bytes }) => language.number(bytes / 1e6, 2))],
            [say('microseconds'), ...costs.map(({ microseconds }) => language.plain(microseconds))],
          ],
        ),
    text(
      say('audit', { holdout: audit.holdoutRows, version: String(datasetVersion), overlap: audit.overlap }),
    ),
    uploads.length === 0
      ? null
      : table(
          [say('uploads'), 'SHA-256'],
          uploads.map((upload) => [upload.filename, { text: upload.sha256, isCode: true }]),
        ),
    text(
      say('comparison', {
        version: String(candidate.model.version),
        sha256,
        decision: decision?.run ?? '',
      }),
    ),
  );
}
