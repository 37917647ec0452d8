import type { Comparison, Locale } from '@kaefer/contracts';
import { verdictSentence, type StoredComparison } from '@kaefer/pipeline';

/**
 * A stored comparison as the API shows it, in the reader's language.
 *
 * @param names see `verdictSentence`
 */
export function comparisonView(
  stored: StoredComparison,
  locale: Locale,
  names: 'roles' | 'versions' = 'roles',
): Comparison {
  const { outcome, metric, margin = 0 } = stored.verdict;
  return {
    ...stored,
    verdict: { outcome, metric, margin, sentence: verdictSentence(stored, locale, names) },
  };
}
