import type { Answer, Comparison, Decision, ModelResult, Segment } from '@kaefer/contracts';
import { html, type Html } from './html.ts';
import { plotSvg, type Series } from './plots.ts';
import { evidenceStyle } from './style.ts';
import type { EvidenceLanguage, EvidenceText } from './texts.ts';

/** Everything that the evidence of a run tells. */
export interface Evidence {
  readonly project: { readonly name: string; readonly simulated: boolean };
  readonly comparison: Comparison;
  /** Of the stored comparison. */
  readonly sha256: string;
  /** When the run was started. ISO 8601 UTC. */
  readonly startedAt: string;
  readonly decision: Decision | null;
  readonly uploads: readonly { readonly id: string; readonly filename: string; readonly sha256: string }[];
  /** What people call the uploads, and the runs with a recipe, that a segment may name, by id. */
  readonly filenames: ReadonlyMap<string, string>;
}

const shownSegments = 15;
const shownFeatures = 15;
const shownDisagreements = 10;
const shownReasons = 3;

/** One page with all that a decision rests on: complete in itself, without script, made to be kept and printed. */
export function renderEvidence(evidence: Evidence, language: EvidenceLanguage): string {
  const { project, comparison, startedAt } = evidence;
  const title = language.say('title', { project: project.name, date: language.time(startedAt) });
  const sections = [
    verdictSection(evidence, language),
    figuresSection(comparison, language),
    newRowsSection(comparison, language),
    answersSection(comparison, language),
    curvesSection(comparison, language),
    segmentsSection(evidence, language),
    disagreementsSection(comparison, language),
    driftSection(comparison, language),
    importanceSection(comparison, language),
    originSection(evidence, language),
  ];
  return html`<!doctype html>
    <html lang="${language.locale}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${evidenceStyle}
      </head>
      <body>
        <h1>${title}</h1>
        ${project.simulated ? html`<p class="tag">${language.say('simulated')}</p>` : null}
        ${sections.filter((section) => section !== null)}
      </body>
    </html> `.markup;
}

function section(title: string, ...content: readonly (Html | null)[]): Html {
  return html`<section>
    <h2>${title}</h2>
    ${content.filter((part) => part !== null)}
  </section> `;
}

function table(head: readonly string[], rows: readonly (readonly (string | Html)[])[]): Html {
  return html`<div class="scroll" tabindex="0">
    <table>
      <thead>
        <tr>
          ${head.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first = '', ...cells]) =>
            html`<tr>
              <th scope="row">${first}</th>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div> `;
}

interface Side {
  readonly kind: Series['kind'];
  readonly name: string;
  readonly result: ModelResult;
}

/** The models there are, the current one first. */
function sidesOf({ current, candidate }: Comparison, language: EvidenceLanguage): Side[] {
  const side = (kind: Side['kind'], result: ModelResult): Side => ({
    kind,
    name: language.say(kind, { version: String(result.model.version) }),
    result,
  });
  return [...(current === null ? [] : [side('current', current)]), side('candidate', candidate)];
}

function verdictSection({ comparison, decision }: Evidence, language: EvidenceLanguage): Html {
  const { say } = language;
  if (decision === null)
    return section(
      say('verdict'),
      html`<p class="verdict">${comparison.verdict.sentence}</p>`,
      html`<p>${say('undecided')}</p>`,
    );
  const chosen = decision.choice === 'candidate' ? 'candidateChosen' : 'currentChosen';
  return section(
    say('verdict'),
    html`<p class="verdict">${comparison.verdict.sentence}</p>`,
    html`<p>
      <strong>${say('decision')}: ${say(chosen, { version: String(decision.champion) })}</strong>,
      ${say('by', { who: decision.by, when: language.time(decision.at) })}
    </p>`,
    decision.note === null ? null : html`<p>${say('reason', { note: decision.note })}</p>`,
  );
}

function figuresSection(comparison: Comparison, language: EvidenceLanguage): Html {
  const { say } = language;
  return section(
    say('figures'),
    html`<p>${say('figuresOn', { rows: comparison.holdout.rows })}</p>`,
    metricTable(
      comparison,
      comparison.current?.metrics ?? null,
      comparison.candidate.metrics,
      comparison.difference,
      language,
    ),
    comparison.baseline ? html`<p>${plainText(comparison, comparison.baseline, language)}</p>` : null,
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

function newRowsSection(comparison: Comparison, language: EvidenceLanguage): Html | null {
  const { newRows } = comparison;
  if (newRows === null) return null;
  return section(
    language.say('newRows'),
    html`<p>${language.say('newRowsOn', { rows: newRows.rows })}</p>`,
    metricTable(comparison, newRows.current, newRows.candidate, newRows.difference, language),
  );
}

function metricTable(
  comparison: Comparison,
  current: ModelResult['metrics'] | null,
  candidate: ModelResult['metrics'],
  difference: Comparison['difference'],
  language: EvidenceLanguage,
): Html {
  const { say } = language;
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
        ...(comparison.current === null ? [] : [language.number(current?.[metric])]),
        language.number(value),
        ...(difference === null ? [] : [language.number(own?.estimate), interval ?? '–']),
      ];
    }),
  );
}

function answersSection(comparison: Comparison, language: EvidenceLanguage): Html | null {
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
      html`<h3>${name}</h3>`,
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

function curvesSection(comparison: Comparison, language: EvidenceLanguage): Html | null {
  const { say } = language;
  const seriesOf = (curve: 'roc' | 'precisionRecall' | 'predicted'): Series[] =>
    sidesOf(comparison, language).map(({ name, kind, result }) => ({
      name,
      kind,
      points: result.curves[curve] ?? [],
    }));
  if (comparison.task === 'multiclass') return null;
  const share = (value: number): string => language.percent(value);
  if (comparison.task === 'regression') {
    const axes = { title: say('predictedValue'), x: say('trueValue'), y: say('predictedValue') };
    const format = (value: number): string => language.plain(Number(value.toPrecision(3)));
    return section(say('curves'), plotSvg({ ...axes, series: seriesOf('predicted'), marks: 'dots', format }));
  }
  return section(
    say('curves'),
    html`<div class="plots">
      ${plotSvg({ title: 'ROC', x: say('falseAlarms'), y: say('found'), series: seriesOf('roc'), marks: 'line', format: share })}
      ${plotSvg({ title: say('averagePrecision'), x: say('found'), y: say('rightAlerts'), series: seriesOf('precisionRecall'), marks: 'line', format: share })}
    </div>`,
  );
}

function segmentsSection({ comparison, filenames }: Evidence, language: EvidenceLanguage): Html | null {
  const { say } = language;
  const { segments } = comparison;
  if (!segments || segments.worstFirst.length === 0) return null;
  const partOf = (segment: Segment): string =>
    segment.feature === null
      ? `${say('upload')}: ${filenames.get(segment.value ?? '') ?? segment.value ?? ''}`
      : `${segment.feature}: ${valuesOf(segment, language)}`;
  return section(
    say('segments'),
    html`<p>
      ${say('segmentsOf', { compared: segments.compared, metric: language.metric(segments.metric) })}
    </p>`,
    table(
      [
        say('part'),
        ...sidesOf(comparison, language).map(({ name }) => name),
        say('difference'),
        say('pValue'),
        say('rows'),
      ],
      segments.worstFirst
        .slice(0, shownSegments)
        .map((segment) => [
          partOf(segment),
          language.number(segment.current),
          language.number(segment.candidate),
          language.number(segment.difference.estimate),
          language.number(segment.adjustedPValue),
          language.number(segment.rows, 0),
        ]),
    ),
  );
}

function valuesOf({ value, range }: Segment, language: EvidenceLanguage): string {
  if (range === null) return value ?? language.say('noValue');
  const limitOf = (limit: number): string => (range.areDays ? language.day(limit) : language.plain(limit));
  return range.low === range.high ? limitOf(range.low) : `${limitOf(range.low)} – ${limitOf(range.high)}`;
}

function disagreementsSection(comparison: Comparison, language: EvidenceLanguage): Html | null {
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
    html`<p>${say('disagreementCounts', disagreements.counts)}</p>`,
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
function answerCell({ label, score, reasons }: Answer, positive: string, language: EvidenceLanguage): Html {
  const told = reasons.slice(0, shownReasons).map(({ feature, value, contribution }) => {
    const text =
      value === null
        ? language.say('noValue')
        : typeof value === 'number'
          ? language.plain(value)
          : String(value);
    return html`<li>${contribution > 0 ? '↑' : '↓'} ${feature} ${text}</li>`;
  });
  const answer = label === null ? language.plain(score) : `${label} · ${positive}${language.percent(score)}`;
  return html`${answer}
    <ul>
      ${told}
    </ul>`;
}

function driftSection({ drift }: Comparison, language: EvidenceLanguage): Html | null {
  const { say } = language;
  if (!drift || drift.length === 0) return null;
  return section(
    say('drift'),
    table(
      [say('feature'), say('stability'), say('moved')],
      drift
        .slice(0, shownFeatures)
        .map(({ feature, stabilityIndex, totalVariation }) => [
          feature,
          language.number(stabilityIndex),
          language.percent(totalVariation),
        ]),
    ),
  );
}

function importanceSection(comparison: Comparison, language: EvidenceLanguage): Html {
  const { say } = language;
  const sides = sidesOf(comparison, language);
  const shareOf = (side: Side, wanted: string): number =>
    side.result.importance.find(({ feature }) => feature === wanted)?.share ?? 0;
  return section(
    say('importance'),
    html`<p>${say('importanceOf')}</p>`,
    table(
      [say('feature'), ...sides.map(({ name }) => name)],
      comparison.candidate.importance
        .slice(0, shownFeatures)
        .map(({ feature }) => [feature, ...sides.map((side) => language.percent(shareOf(side, feature)))]),
    ),
  );
}

function originSection({ comparison, uploads, sha256 }: Evidence, language: EvidenceLanguage): Html {
  const { say } = language;
  const sides = sidesOf(comparison, language);
  const { audit, datasetVersion, candidate } = comparison;
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
    html`<p>
      ${say('audit', { holdout: audit.holdoutRows, version: String(datasetVersion), overlap: audit.overlap })}
    </p>`,
    uploads.length === 0
      ? null
      : table(
          [say('uploads'), 'SHA-256'],
          uploads.map((upload) => [upload.filename, html`<code>${upload.sha256}</code>`]),
        ),
    html`<p>${say('comparison', { version: String(candidate.model.version), sha256 })}</p>`,
  );
}
