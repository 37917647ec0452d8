import type { Parameters } from '@kaefer/contracts/messages';

/** What is wrong with a part of a project. */
export interface Damage {
  readonly project: string;
  /** What it is of, for example `uploads/upload-1/received.csv`, `table version 3` or `models/2`. */
  readonly part: string;
  /**
   * `altered`: not the bytes that were recorded. `wrong_size`, `wrong_rows` `{found, expected}`: a data file is not as the
   * log says. `unreadable` `{reason}`. `irreproducible` `{rows, different}`: of the holdout's rows so many have another
   * score than when they were compared. `foreign`: a file of which nothing was recorded. `differs`: a checkpoint of the
   * table's log that is not what the commits make.
   */
  readonly kind:
    | 'missing'
    | 'altered'
    | 'wrong_size'
    | 'wrong_rows'
    | 'unreadable'
    | 'irreproducible'
    | 'foreign'
    | 'differs';
  readonly parameters: Parameters;
}

export type Found = Omit<Damage, 'project'>;

export function unreadablePart(part: string, error: unknown): Found {
  const message = error instanceof Error ? error.message : String(error);
  return { part, kind: 'unreadable', parameters: { reason: message.split('\n', 1)[0] ?? '' } };
}
