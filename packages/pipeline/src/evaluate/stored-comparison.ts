import type { Comparison } from '@kaefer/contracts';
import type { Concern } from './verdict.ts';

/** The numbers that the verdict's sentence tells. */
export interface VerdictFacts {
  readonly outcome: Comparison['verdict']['outcome'];
  readonly metric: string;
  readonly positive: string | null;
  /** Absent in comparisons of older versions. */
  readonly margin?: number;
  /** See {@link Decided}; absent in comparisons of older versions. */
  readonly concerns?: readonly Concern[];
}

/** A comparison as it is kept in the lake: without the sentence, which depends on the reader's language. */
export type StoredComparison = Omit<Comparison, 'verdict'> & { readonly verdict: VerdictFacts };
