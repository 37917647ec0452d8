import type { AcceptanceCheck, Choosing } from '@kaefer/contracts';
import { mostLooks } from '@kaefer/contracts/messages';
import type { StoredComparison } from './stored-comparison.ts';

/**
 * Whether a candidate may go into production without a person: only one that the verdict calls better, guard rails
 * included, on enough test rows on which not too much was chosen before, and that no model was trained on.
 *
 * @param rule null: never
 */
export function acceptance(
  { verdict, holdout }: Pick<StoredComparison, 'verdict' | 'holdout'>,
  { overlap }: Pick<StoredComparison['audit'], 'overlap'>,
  rule: Choosing['automatic'],
): NonNullable<StoredComparison['automatic']> | null {
  if (rule === null) return null;
  const { rows, positives, looks = 0 } = holdout;
  const rarer = positives === null ? null : Math.min(positives, rows - positives);
  const isBetter = verdict.outcome === 'better';
  const checks: AcceptanceCheck[] = [
    { name: 'better', passed: isBetter, value: null, limit: null },
    { name: 'rows', passed: rows >= rule.fewestRows, value: rows, limit: rule.fewestRows },
    ...(rarer === null
      ? []
      : [
          {
            name: 'positives' as const,
            passed: rarer >= rule.fewestPositives,
            value: rarer,
            limit: rule.fewestPositives,
          },
        ]),
    { name: 'looks', passed: looks < mostLooks, value: looks, limit: mostLooks },
    { name: 'audit', passed: overlap === 0, value: overlap, limit: 0 },
  ];
  return { accepted: checks.every(({ passed }) => passed), checks };
}
