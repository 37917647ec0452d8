/** What a project asks of its files. */
export interface Expectations {
  readonly task: 'binary' | 'multiclass' | 'regression';
  readonly target: string;
  readonly positive: string | null;
  /** Outcomes known so far; empty before the first merge. */
  readonly classes: readonly string[];
  readonly key: string | null;
  readonly date: string | null;
  readonly exclude: readonly string[];
}
