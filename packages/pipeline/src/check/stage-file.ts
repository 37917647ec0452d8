import type { DuckDBConnection } from '@duckdb/node-api';
import type { StoredProblem } from '@kaefer/contracts/messages';
import type { FileFormats } from '../features/earlier-formats.ts';
import type { TableColumn } from '../lake/column-types.ts';
import type { CurrentTable } from '../lake/project-table.ts';
import { CsvSource } from '../understand/csv-source.ts';
import type { Header } from '../understand/header.ts';
import { isOwnFile } from '../understand/own-columns.ts';
import { findGuardedTexts } from './guarded-texts.ts';
import { rowsOf } from './judge-file.ts';
import type { Expectations } from './report.ts';
import { guessColumns, reviseColumns, type GuessedColumns } from './resolve-columns.ts';
import { recordSql, writeStaged, type RecordSql, type StagedColumn } from './stage-rows.ts';

/** A file of which the header has been read. */
export interface ReadableFile {
  readonly path: string;
  readonly header: Header;
  /** The file's own names, and what the project calls them. */
  readonly given: readonly string[];
  readonly names: readonly string[];
  /** Columns, from 0, of numbers that nobody wrote as a text. Default none. */
  readonly numbers: readonly number[] | undefined;
  /** The data's columns. */
  readonly table: readonly TableColumn[];
  readonly notes: readonly StoredProblem[];
  /** Whether it was sent as text, packed or not: what programs hold in cells of their own has no quotation marks to forget. */
  readonly isText: boolean;
}

/** The file's rows with types, as they were written. */
export interface StagedFile extends Pick<GuessedColumns, 'byEarlier'> {
  readonly source: CsvSource;
  readonly columns: readonly StagedColumn[];
  readonly records: RecordSql;
  readonly rows: number;
  /** Rows with a cell that could not be read, or without a key or outcome. */
  readonly rejected: number;
  readonly problems: readonly StoredProblem[];
  readonly formats: FileFormats;
}

/**
 * Finds out what the columns are, from the first rows, and writes all rows so; writes them again where the whole file shows
 * that they are something else.
 *
 * @param stagedPath where the rows are written
 */
export async function stageFile(
  connection: DuckDBConnection,
  stagedPath: string,
  { path, header, names, numbers, table }: ReadableFile,
  expectations: Expectations,
  current: CurrentTable | undefined,
): Promise<StagedFile> {
  let source = new CsvSource(path, header, numbers);
  const guessed = await guessColumns(connection, source, names, table, expectations);
  const write = async (
    columns: readonly StagedColumn[],
  ): Promise<Pick<StagedFile, 'records' | 'rows' | 'rejected'>> => {
    const records = recordSql(source, columns, expectations);
    return { records, ...(await writeStaged(connection, records, columns, expectations, stagedPath)) };
  };
  let { columns } = guessed;
  let staged = await write(columns);
  const data = isOwnFile(header.names) ? undefined : rowsOf(current);
  const guarded =
    data === undefined ? [] : await findGuardedTexts(connection, stagedPath, columns, table, data);
  if (guarded.length > 0) {
    const places = guarded.map(({ index }) => index);
    source = new CsvSource(path, header, numbers, places);
    staged = await write(columns);
  }
  const revised =
    staged.rejected === 0
      ? undefined
      : await reviseColumns(connection, source, columns, table, expectations, current);
  if (revised !== undefined) {
    ({ columns } = revised);
    staged = await write(columns);
  }
  const stillHolds = ({ column }: StoredProblem): boolean => revised?.again.includes(column ?? '') !== true;
  const proven = { ...guessed.proven, ...revised?.proven };
  return {
    source,
    columns,
    ...staged,
    problems: [
      ...guarded.map(({ problem }) => problem),
      ...guessed.problems.filter(stillHolds),
      ...(revised?.problems ?? []),
    ],
    formats: {
      ...(Object.keys(proven).length === 0 ? {} : { proven }),
      ...(Object.keys(guessed.offsets).length === 0 ? {} : { offsets: guessed.offsets }),
    },
    byEarlier: [...new Set([...guessed.byEarlier, ...(revised?.byEarlier ?? [])])],
  };
}
