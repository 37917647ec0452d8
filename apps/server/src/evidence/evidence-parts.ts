import type { Comparison, Segment } from '@kaefer/contracts';
import { section, table, text } from './evidence-blocks.ts';
import type { EvidenceSection } from './evidence-document.ts';
import { sidesOf } from './sides.ts';
import type { EvidenceLanguage } from './texts.ts';

const shownSegments = 15;
const shownUploads = 15;
const shownFeatures = 15;

export function segmentsSection(
  comparison: Comparison,
  filenames: ReadonlyMap<string, string>,
  language: EvidenceLanguage,
): EvidenceSection | null {
  const { say } = language;
  const { segments } = comparison;
  if (!segments || segments.worstFirst.length === 0) return null;
  const partOf = (segment: Segment): string =>
    segment.feature === null
      ? `${say('upload')}: ${filenames.get(segment.value ?? '') ?? segment.value ?? ''}`
      : `${segment.feature}: ${segment.newest === true ? `${say('newest')} ` : ''}${valuesOf(segment, language)}`;
  return section(
    say('segments'),
    text(say('segmentsOf', { compared: segments.compared, metric: language.metric(segments.metric) })),
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

/** What each upload brought to the data, and whether the new model does better on its rows. */
export function uploadsSection(
  { uploads, task, classes }: Comparison,
  filenames: ReadonlyMap<string, string>,
  language: EvidenceLanguage,
): EvidenceSection | null {
  if (!uploads || uploads.largest.length === 0) return null;
  const { say } = language;
  const outcomeOf = {
    binary: [say('shareOf', { positive: classes[1] ?? '' }), (value: number) => language.percent(value)],
    regression: [say('mean'), (value: number) => language.plain(value)],
    multiclass: null,
  } as const;
  const outcome = outcomeOf[task];
  return section(
    say('broughtBy'),
    text(
      say('broughtByText', {
        total: uploads.total,
        metric: language.metric(task === 'regression' ? 'mae' : 'logLoss'),
      }),
    ),
    table(
      [
        say('upload'),
        say('learningRows'),
        say('testRows'),
        ...(outcome === null ? [] : [outcome[0]]),
        say('difference'),
        say('pValue'),
      ],
      uploads.largest
        .slice(0, shownUploads)
        .map((part) => [
          `${filenames.get(part.upload) ?? part.upload}${part.isNew ? ` (${say('new')})` : ''}`,
          language.number(part.learningRows, 0),
          language.number(part.testRows, 0),
          ...(outcome === null ? [] : [part.outcome === null ? '–' : outcome[1](part.outcome)]),
          language.number(part.loss?.difference.estimate),
          language.number(part.loss?.adjustedPValue),
        ]),
    ),
  );
}

export function driftSection({ drift }: Comparison, language: EvidenceLanguage): EvidenceSection | null {
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
