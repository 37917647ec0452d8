import { existsSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { planUpsert } from '@kaefer/deltalake';
import type { RowCounts } from '@kaefer/contracts';
import { judgeProblem, severityOf, type StoredProblem } from '@kaefer/contracts/messages';
import { columnChanges } from '../contract/column-changes.ts';
import { synonymsOf } from '../contract/column-rules.ts';
import { inferContract } from '../contract/infer-contract.ts';
import { judgeRows } from '../contract/judge-rows.ts';
import { profileOf } from '../contract/lake-profile.ts';
import { markLeftOut } from '../contract/left-out-rows.ts';
import { columnsOfSchema, rejectedColumn } from '../lake/column-types.ts';
import { syncFile, writeJsonDurably } from '../lake/durable.ts';
import type { UploadFolder } from '../lake/layout.ts';
import { sha256OfFile } from '../lake/seal.ts';
import type { CurrentTable } from '../lake/project-table.ts';
import { grownSchema, schemaOf } from '../lake/table-schema.ts';
import { allRows } from '../sql/connection.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import { findBlankLines } from '../understand/blank-lines.ts';
import { findMissingColumns, findNameProblems } from './check-header.ts';
import { collectRejected, linesOf, placed } from './collect-rejected.ts';
import { judgeFile, rowsOf } from './judge-file.ts';
import { plainAgain } from '../lake/safe-cell.ts';
import { isOwnFile } from '../understand/own-columns.ts';
import { problemOfRead, structuralRejects } from '../understand/csv-source.ts';
import type { FileLimits } from '../understand/free-space.ts';
import { readHeader, type Header } from '../understand/header.ts';
import { saidOfHeaders } from '../understand/repeated-header.ts';
import { foundDialect } from './found-dialect.ts';
import { lookAtColumns } from './first-look.ts';
import { readOutcomes, resolveClasses } from './outcomes.ts';
import { keyColumnsOf, roleOf, type CheckReport, type Expectations } from './report.ts';
import { findNearlyKnownKeys } from './nearly-known-keys.ts';
import { knownSpelling } from '../understand/known-spelling.ts';
import { findSwallowedRecords } from './swallowed-records.ts';
import { stageFile, type ReadableFile } from './stage-file.ts';
import type { StagedColumn } from './stage-rows.ts';
import { isSentAsText, openReadable, type ReadableText } from '../understand/readable-text.ts';

const noRows: RowCounts = { total: 0, new: 0, updated: 0, unchanged: 0, rejected: 0 };

/** Where a checked file belongs. */
export interface CheckPlace {
  /** What it is a report of, in a project that has sources. */
  readonly source?: string;
  /** Where what is known of the data is kept; without it the file is not compared with the data's values. */
  readonly profile?: string;
}

/** The data now, and where what is known of it is kept. */
interface CheckedData extends CurrentTable {
  readonly profile: string | undefined;
}

/**
 * Checks a received file against a project: writes its typed rows, its rejected rows and the report beside it, and
 * changes nothing in the table. Doing it again gives the same.
 */
export async function checkFile(
  connection: DuckDBConnection,
  folder: UploadFolder,
  expectations: Expectations,
  current: CurrentTable | undefined,
  limits: FileLimits,
  { source, profile }: CheckPlace = {},
): Promise<CheckReport> {
  const data = current === undefined ? undefined : { ...current, profile };
  const examined = await examine(connection, folder, expectations, data, limits);
  if (examined.status === 'invalid') rmSync(folder.staged, { force: true });
  const report = {
    ...examined,
    ...(source === undefined ? {} : { source }),
    ...(expectations.contract === undefined ? {} : { contractVersion: expectations.contract.version }),
    files: recordFiles([folder.staged, folder.rejected]),
  };
  writeJsonDurably(folder.report, report);
  return report;
}

/** Writes the report of a file that could not be looked into. */
export function refuseFile(folder: UploadFolder, problem: StoredProblem): CheckReport {
  const report = refuse([problem]);
  writeJsonDurably(folder.report, report);
  return report;
}

/** Makes files safe and gives the SHA-256 of those that are there. */
function recordFiles(paths: readonly string[]): Record<string, string> {
  const present = paths.filter((path) => existsSync(path));
  for (const path of present) syncFile(path);
  return Object.fromEntries(present.map((path) => [basename(path), sha256OfFile(path)]));
}

async function examine(
  connection: DuckDBConnection,
  folder: UploadFolder,
  expectations: Expectations,
  current: CheckedData | undefined,
  limits: FileLimits,
): Promise<CheckReport> {
  const { target, date } = expectations;
  const synonyms = [...synonymsOf(expectations.contract?.contract).values()].flat();
  const named = [target, ...keyColumnsOf(expectations), date].filter((name) => name !== null);
  const wanted = [...named, ...synonyms];
  const { file, decoded } = folder;
  const readable = await openReadable(connection, {
    file,
    decoded,
    limits,
    wanted,
    reading: expectations.reading,
  });
  if ('problem' in readable) return refuse([readable.problem]);
  try {
    return await examineReadable(connection, folder, expectations, current, readable);
  } finally {
    readable.close();
  }
}

async function examineReadable(
  connection: DuckDBConnection,
  folder: UploadFolder,
  expectations: Expectations,
  current: CheckedData | undefined,
  readable: ReadableText,
): Promise<CheckReport> {
  const table = current === undefined ? [] : columnsOfSchema(current.snapshot.schema);
  const contract = expectations.contract?.contract;
  const synonyms = synonymsOf(contract);
  const known = [
    ...table.map(({ name }) => name),
    ...synonyms.keys(),
    expectations.target,
    ...keyColumnsOf(expectations),
    expectations.date,
  ].filter((name) => name !== null);
  const header = readHeader(readable, [...known, ...[...synonyms.values()].flat()], expectations.reading);
  if ('problem' in header) return refuse([header.problem]);
  const isOwn = isOwnFile(header.names);
  const given = header.names.map((name) => {
    const plain = plainAgain(name);
    return isOwn || (known.includes(plain) && !known.includes(name)) ? plain : name;
  });
  const names = knownSpelling(given, known, synonyms);
  const headerProblems = [...findNameProblems(names, given), ...findMissingColumns(names, expectations)];
  if (headerProblems.length > 0)
    return refuse([...headerProblems, ...(readable.unpacked?.notes ?? []), ...header.notes], header);

  try {
    return await examineRows(connection, folder, expectations, current, {
      path: readable.path,
      header,
      given,
      names,
      numbers: readable.unpacked?.numbers,
      table,
      notes: [...(readable.unpacked?.notes ?? []), ...header.notes],
      isText: isSentAsText(readable.unpacked),
    });
  } catch (error) {
    return refuse([problemOfRead(error)], header);
  }
}

async function examineRows(
  connection: DuckDBConnection,
  folder: UploadFolder,
  expectations: Expectations,
  current: CheckedData | undefined,
  readable: ReadableFile,
): Promise<CheckReport> {
  const { path, header, given, table, isText } = readable;
  const staged = await stageFile(connection, folder.staged, readable, expectations, current);
  const { source, columns, records, byEarlier } = staged;
  const problems = [...readable.notes, ...staged.problems];
  const inData = rowsOf(current);
  const structural = await structuralRejects(connection);
  const total = staged.rows + structural.length;
  if (total === 0) return refuse([{ code: 'no_rows', parameters: {}, count: 1 }], header);
  const profile =
    current?.profile === undefined ? undefined : await profileOf(connection, current, current.profile);
  const judged = await judgeRows(connection, folder.staged, columns, expectations, profile, inData);
  if (judged.leftOut > 0) await markLeftOut(connection, folder.staged);
  const rejected = staged.rejected + structural.length + judged.leftOut;
  const unread = ascending([...structural.map(({ line }) => line), ...blankLinesOf(path, header)]);
  const headers = linesOf(await source.repeatedHeaders(connection), unread);
  const skippedLines = ascending([...unread, ...headers]);
  const repeated = saidOfHeaders(headers.length, headers[0] ?? 0);
  if (repeated !== undefined) problems.push(repeated);
  if (rejected > 0) {
    problems.push(
      ...(await collectRejected(
        connection,
        source,
        records,
        columns,
        expectations,
        structural,
        skippedLines,
        judged,
        folder.rejected,
      )),
    );
  }
  if (rejected === total) problems.unshift(...explainTotalRejection(total, problems, expectations));
  const swallowed = isText
    ? await findSwallowedRecords(connection, folder.staged, columns, header.dialect, source.width)
    : [];
  const outcomes =
    expectations.target === null ? [] : await readOutcomes(connection, folder.staged, expectations.target);
  const resolved = resolveClasses(outcomes, expectations);
  problems.push(
    ...resolved.problems,
    ...placed([...judged.problems, ...swallowed], skippedLines),
    ...columnChanges(columns, table, expectations),
    ...(await judgeFile(connection, folder, columns, expectations, current, profile, total)),
  );
  const known = new Set(table.map(({ name }) => name));
  const isUnknown = (name: string): boolean => !known.has(name);
  const data = inData && { columns: table, select: inData };
  problems.push(...(await lookAtColumns(connection, folder.staged, columns, expectations, isUnknown, data)));
  const { contract } = expectations.contract ?? {};
  if (rejected > 0 && contract?.rejectedRows === 'refuse_file')
    problems.push({ code: 'rows_rejected', parameters: { rows: rejected }, count: rejected });
  const judgedProblems = problems.flatMap((problem) => judgeProblem(problem, contract) ?? []);
  const preview = await source.preview(connection, columns);
  const found = {
    dialect: {
      ...foundDialect(header, columns, expectations, problems),
      ...(byEarlier.length === 0 ? {} : { asBefore: [...byEarlier] }),
    },
    columns: columns.map(({ index, name, type, format }) => ({
      name,
      type,
      format,
      role: roleOf(expectations, name),
      ...(given[index] === undefined || given[index] === name ? {} : { givenAs: given[index] }),
    })),
    preview,
    problems: judgedProblems.sort((a, b) => severityRank(a) - severityRank(b)),
    classes: resolved.classes,
    skippedLines,
    ...staged.formats,
  };
  if (judgedProblems.some((problem) => severityOf(problem) === 'error')) {
    return { ...found, status: 'invalid', rows: { ...noRows, total, rejected } };
  }
  const counts = await countChanges(connection, folder.staged, expectations, columns, current);
  const nearly =
    counts.new > 0 && inData !== undefined && keyColumnsOf(expectations).length === 1
      ? await findNearlyKnownKeys(connection, folder.staged, expectations.key ?? '', inData)
      : [];
  const empty = await withoutValues(
    connection,
    folder.staged,
    columns.filter(({ name, type }) => type === 'text' && isUnknown(name)).map(({ name }) => name),
  );
  const suggested =
    expectations.contract === undefined
      ? { suggestedContract: await inferContract(connection, folder.staged, columns, expectations) }
      : {};
  return {
    ...found,
    problems: [...found.problems, ...nearly],
    status: 'valid',
    rows: { total, ...counts, rejected },
    ...suggested,
    ...(empty.length === 0 ? {} : { empty }),
  };
}

/** Those of the columns in which no staged row has a value. */
async function withoutValues(
  connection: DuckDBConnection,
  stagedPath: string,
  names: readonly string[],
): Promise<string[]> {
  if (names.length === 0) return [];
  const [row] = await allRows(
    connection,
    `SELECT ${names.map((name, place) => `count(${quoteName(name)}) AS n${place}`).join(', ')} FROM read_parquet(${quoteText(stagedPath)}) WHERE NOT ${rejectedColumn}`,
  );
  return names.filter((_, place) => Number(row?.[`n${place}`] ?? 0) === 0);
}

const ascending = (lines: readonly number[]): number[] => [...lines].sort((a, b) => a - b);

/** Lines without a row; in a file of one column an empty line is a row whose cell is empty. */
function blankLinesOf(path: string, header: Header): number[] {
  const before = Array.from({ length: header.skippedLines }, (_, index) => index + 1);
  if (header.names.length === 1) return before;
  return [...new Set([...before, ...findBlankLines(path, header.dialect)])];
}

/** What merging the staged rows into the table as it is now would do. */
export async function countChanges(
  connection: DuckDBConnection,
  stagedPath: string,
  expectations: Pick<Expectations, 'key'>,
  columns: readonly StagedColumn[],
  current: CurrentTable | undefined,
): Promise<{ new: number; updated: number; unchanged: number }> {
  const source = `(SELECT * EXCLUDE (${rejectedColumn}) FROM read_parquet(${quoteText(stagedPath)}) WHERE NOT ${rejectedColumn})`;
  if (current === undefined || expectations.key === null) {
    const [row] = await allRows(connection, `SELECT count(*) AS n FROM ${source}`);
    return { new: Number(row?.['n'] ?? 0), updated: 0, unchanged: 0 };
  }
  const key = expectations.key;
  const compare = columns.map(({ name }) => name).filter((name) => name !== key);
  const schema = grownSchema(current.snapshot.schema, schemaOf(columns, key));
  const plan = await planUpsert(connection, current.table, current.snapshot, {
    key,
    source,
    compare,
    keysAreUnique: true, // rows that repeat a key were rejected before
    schema,
  });
  return { new: plan.inserted, updated: plan.updated, unchanged: plan.unchanged };
}

function explainTotalRejection(
  total: number,
  problems: readonly StoredProblem[],
  expectations: Expectations,
): StoredProblem[] {
  const { target } = expectations;
  const text = problems.find(({ code, column }) => code === 'not_a_number' && column === target);
  const general: StoredProblem = { code: 'all_rows_rejected', parameters: { rows: total }, count: total };
  if (text === undefined || target === null) return [general];
  const parameters = { column: target, value: text.value ?? '' };
  return [{ code: 'target_not_numeric', parameters, column: target, count: total }, general];
}

const severityRank = (problem: StoredProblem): number => (severityOf(problem) === 'error' ? 0 : 1);

function refuse(problems: StoredProblem[], header?: Header): CheckReport {
  const dialect = header?.dialect ?? null;
  return {
    status: 'invalid',
    dialect,
    columns: [],
    preview: [],
    rows: noRows,
    problems,
    classes: [],
    skippedLines: [],
  };
}
