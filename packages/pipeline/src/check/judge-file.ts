import type { DuckDBConnection } from '@duckdb/node-api';
import { fetchScan } from '@kaefer/deltalake';
import type { StoredProblem } from '@kaefer/contracts/messages';
import { compareWithLake } from '../contract/compare-with-lake.ts';
import type { LakeProfile } from '../contract/lake-profile.ts';
import { rowsOfFiles, smallFile, staleData } from '../contract/whole-file.ts';
import { rejectedColumn, type TableColumn } from '../lake/column-types.ts';
import { readJson } from '../lake/durable.ts';
import type { UploadFolder } from '../lake/layout.ts';
import type { CurrentTable } from '../lake/project-table.ts';
import { quoteText } from '../sql/quote.ts';
import type { Expectations } from '../state/expectations.ts';

/** Rows of a file, spread over it, by which its columns are compared with the data's. */
const comparedRows = 100_000;

/** The data's rows with some columns, as SQL. */
export function rowsOf(
  current: CurrentTable | undefined,
): ((columns: readonly string[]) => Promise<string>) | undefined {
  return current && ((columns) => fetchScan(current.table, current.snapshot, { columns: [...columns] }));
}

/** What is to be said of a file as a whole: how many rows it has, how old they are, and how its columns are spread. */
export async function judgeFile(
  connection: DuckDBConnection,
  folder: UploadFolder,
  columns: readonly TableColumn[],
  expectations: Expectations,
  current: CurrentTable | undefined,
  profile: LakeProfile | undefined,
  total: number,
): Promise<StoredProblem[]> {
  const contract = expectations.contract?.contract;
  const receivedAt = readJson<{ receivedAt?: string }>(folder.received)?.receivedAt;
  const step = Math.max(1, Math.floor(total / comparedRows));
  const rows =
    `(SELECT * FROM read_parquet(${quoteText(folder.staged)}, file_row_number = true) ` +
    `WHERE NOT ${rejectedColumn} AND file_row_number % ${step} = 0)`;
  return [
    ...smallFile(total, rowsOfFiles((await current?.table.history()) ?? []), contract),
    ...(await staleData(connection, folder.staged, columns, contract, receivedAt)),
    ...(profile === undefined ? [] : await compareWithLake(connection, rows, columns, expectations, profile)),
  ];
}
