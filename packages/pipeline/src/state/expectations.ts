import type { Contract, Reading, Source } from '@kaefer/contracts';
import type { EarlierFormats } from '../features/earlier-formats.ts';
import { provenance } from '../lake/column-types.ts';

/** What a project, or one of its sources, asks of its files. */
export interface Expectations {
  readonly task: 'binary' | 'multiclass' | 'regression';
  /** Null for a source: outcomes are the recipe's. */
  readonly target: string | null;
  readonly positive: string | null;
  /** Outcomes known so far; empty before the first merge. */
  readonly classes: readonly string[];
  /** The column that tells rows apart; with several {@link keyColumns} the one that Käfer joins them into. */
  readonly key: string | null;
  /** The columns of the file that are the key. Default the key alone. */
  readonly keyColumns?: readonly string[];
  readonly date: string | null;
  readonly exclude: readonly string[];
  /** What a person said of how the files are written. Default nothing. */
  readonly reading?: Reading;
  /** What merged files have proven of how they are written. Default nothing. */
  readonly earlier?: EarlierFormats | undefined;
  /** What is agreed of the files. Default: the rules' defaults, and of the columns what the data has. */
  readonly contract?: HeldContract | undefined;
}

/** A contract as files are checked by it. */
export interface HeldContract {
  readonly version: number;
  /** Nobody has edited it: it settles nothing that the data leaves open. */
  readonly isInferred: boolean;
  readonly contract: Contract;
}

export function keyColumnsOf({ key, keyColumns }: Expectations): readonly string[] {
  return keyColumns ?? (key === null ? [] : [key]);
}

/** The column by which the rows of a source are merged. */
export function mergeKeyOf({ key }: Source): string {
  const [only, ...others] = key;
  return only !== undefined && others.length === 0 ? only : provenance.key;
}

export function sourceExpectations(source: Source, contract?: HeldContract): Expectations {
  return {
    task: 'regression',
    target: null,
    positive: null,
    classes: [],
    key: mergeKeyOf(source),
    keyColumns: source.key,
    date: null,
    exclude: [],
    reading: source.reading,
    contract,
  };
}
