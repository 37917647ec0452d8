import type { CellFormat, ColumnType, Contract, Dialect, RowCounts } from '@kaefer/contracts';
import type { StoredProblem } from '@kaefer/contracts/messages';
import type { Offsets, ProvenFormats } from '../features/earlier-formats.ts';
import { keyColumnsOf, type Expectations } from '../state/expectations.ts';

export type { Expectations } from '../state/expectations.ts';
export { keyColumnsOf } from '../state/expectations.ts';

export type ColumnRole = 'key' | 'target' | 'date' | 'feature' | 'excluded';

/** What the check found; kept beside the file as `report.json`. */
export interface CheckReport {
  readonly status: 'valid' | 'invalid';
  /** The source that the file is a report of; absent in a project without sources, or when that could not be told. */
  readonly source?: string;
  readonly dialect: Dialect | null;
  readonly columns: readonly {
    readonly name: string;
    readonly type: ColumnType;
    readonly format: CellFormat;
    readonly role: ColumnRole;
    /** What the file calls it, where that is another of its names. */
    readonly givenAs?: string;
  }[];
  readonly preview: readonly (readonly string[])[];
  readonly rows: RowCounts;
  readonly problems: readonly StoredProblem[];
  /** The project's outcomes once this file is merged, in their lasting order; classification only. */
  readonly classes: readonly string[];
  /** Lines that have no row in the staged file, ascending: a staged row's line shifts by those before it. */
  readonly skippedLines: readonly number[];
  /** SHA-256 of the files that the check wrote beside the report, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** Version of the contract that the file was checked by; absent where there was none. */
  readonly contractVersion?: number;
  /** What the cells of columns prove of how they are written, by the columns' names. Default nothing. */
  readonly proven?: ProvenFormats;
  /** Of columns of times, by name, whether the first say how far they are from UTC. Default nothing. */
  readonly offsets?: Readonly<Record<string, Offsets>>;
  /** New columns in which the file has no value, so that their type says nothing. Default none. */
  readonly empty?: readonly string[];
  /** What a file suggests as the contract, where there was none. */
  readonly suggestedContract?: Contract;
}

/** A rejected row as kept in `rejected.ndjson`. */
export interface RejectedRow {
  readonly line: number;
  /** In the order of the file's columns; a row without the right form has its text as the only cell. */
  readonly cells: readonly string[];
  readonly reasons: readonly StoredProblem[];
}

export function roleOf(expectations: Expectations, column: string): ColumnRole {
  if (keyColumnsOf(expectations).includes(column)) return 'key';
  if (column === expectations.target) return 'target';
  if (column === expectations.date) return 'date';
  return expectations.exclude.includes(column) ? 'excluded' : 'feature';
}
