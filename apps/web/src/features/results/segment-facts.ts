import type { Difference, FeatureDrift, Run, Segment, Upload } from '@kaefer/contracts';
import type { Format } from '../../i18n/format.ts';
import type { Change } from './metric-facts.ts';

const significant = 0.05;
const dayMs = 86_400_000;

/** What the difference of a segment's loss says of the new model, after the correction for many segments. */
export function changeOfSegment({
  difference,
  adjustedPValue,
}: Pick<Segment, 'difference' | 'adjustedPValue'>): Change {
  if (difference.estimate === null || adjustedPValue === null || adjustedPValue >= significant) return 'same';
  return difference.estimate > 0 ? 'worse' : 'better';
}

/** The same of a class's share of found rows, of which more is better. */
export function changeOfRecall({
  recall,
  adjustedPValue,
}: {
  readonly recall: Difference;
  readonly adjustedPValue: number | null;
}): Change {
  const change = changeOfSegment({ difference: recall, adjustedPValue });
  if (change === 'same') return change;
  return change === 'worse' ? 'better' : 'worse';
}

/** The values that the rows of a segment have, in a few words; null where they have none. */
export function segmentValue({ value, range }: Segment, format: Format): string | null {
  if (range === null) return value;
  const bound = range.areDays
    ? (days: number) => format.date(new Date(days * dayMs).toISOString())
    : format.plain;
  return range.low === range.high ? bound(range.low) : `${bound(range.low)} – ${bound(range.high)}`;
}

/** The customary marks of the stability index. */
const littleBelow = 0.1;
const muchAbove = 0.25;

export type DriftSize = 'little' | 'some' | 'much';

export function sizeOfDrift({ stabilityIndex }: FeatureDrift): DriftSize {
  if (stabilityIndex < littleBelow) return 'little';
  return stabilityIndex <= muchAbove ? 'some' : 'much';
}

/** What people call the origin of rows: a file, or the files of the run whose recipe made them. */
export function originNames(
  uploads: readonly Pick<Upload, 'id' | 'filename'>[],
  runs: readonly Pick<Run, 'id' | 'uploads'>[],
): ReadonlyMap<string, string> {
  const names = new Map(uploads.map(({ id, filename }) => [id, filename]));
  for (const { id, uploads: files } of runs)
    if (files.length > 0) names.set(id, files.map((file) => names.get(file) ?? file).join(', '));
  return names;
}
