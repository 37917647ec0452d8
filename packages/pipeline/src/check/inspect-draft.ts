import type { DuckDBConnection } from '@duckdb/node-api';
import type { CellFormat, ColumnType, Dialect, Reading, Task } from '@kaefer/contracts';
import { severityOf, type StoredProblem } from '@kaefer/contracts/messages';
import type { UploadFolder } from '../lake/layout.ts';
import { writeJsonDurably } from '../lake/durable.ts';
import { oneRow, toCount } from '../sql/connection.ts';
import { findNameProblems } from './check-header.ts';
import { foundDialect } from './found-dialect.ts';
import { readCellSql } from '../understand/cell-sql.ts';
import { CsvSource, problemOfRead, structuralRejects } from '../understand/csv-source.ts';
import { readHeader } from '../understand/header.ts';
import { suggestPositive } from './outcomes.ts';
import type { FileLimits } from '../understand/free-space.ts';
import { openReadable, type ReadableText } from '../understand/readable-text.ts';
import type { Expectations } from './report.ts';
import { guessColumns } from './resolve-columns.ts';
import type { StagedColumn } from './stage-rows.ts';

/** No project yet: every column is open. */
const nothingExpected: Expectations = {
  task: 'multiclass',
  target: '',
  positive: null,
  classes: [],
  key: null,
  date: null,
  exclude: [],
};

const inspectedRows = 50_000;
const shownExamples = 12;
const mostClasses = 20;

export interface DraftColumnFacts {
  readonly name: string;
  readonly type: ColumnType;
  readonly format: CellFormat;
  readonly distinct: number;
  readonly missing: number;
  readonly examples: { value: string; count: number }[];
}

/** What a file that no project knows yet looks like, and what it might be used for. */
export interface DraftReport {
  readonly rows: number;
  readonly dialect: Dialect | null;
  readonly columns: readonly DraftColumnFacts[];
  readonly preview: readonly (readonly string[])[];
  readonly problems: readonly StoredProblem[];
  readonly suggestions: {
    readonly targets: { column: string; task: Task; positive: string | null }[];
    readonly keys: string[];
    readonly dates: string[];
  };
}

/**
 * Reads a file's first rows and suggests its target, key and date; the likeliest come first.
 *
 * @param reading what a person said of how it is written. Default nothing
 */
export async function inspectDraft(
  connection: DuckDBConnection,
  folder: UploadFolder,
  limits: FileLimits,
  reading: Reading = {},
): Promise<DraftReport> {
  const report = await inspect(connection, folder, limits, reading);
  writeJsonDurably(folder.report, report);
  return report;
}

async function inspect(
  connection: DuckDBConnection,
  { file, decoded }: UploadFolder,
  limits: FileLimits,
  reading: Reading,
): Promise<DraftReport> {
  const readable = await openReadable(connection, { file, decoded, limits, wanted: [], reading });
  if ('problem' in readable) return refused(readable.problem);
  try {
    return await inspectReadable(connection, readable, reading);
  } finally {
    readable.close();
  }
}

async function inspectReadable(
  connection: DuckDBConnection,
  readable: ReadableText,
  reading: Reading,
): Promise<DraftReport> {
  const header = readHeader(readable, [], reading);
  if ('problem' in header) return refused(header.problem);
  const problems = findNameProblems(header.names);
  if (problems.length > 0) return { ...refused(...problems), dialect: header.dialect };
  const source = new CsvSource(readable.path, header, readable.unpacked?.numbers);
  try {
    const total = toCount((await oneRow(connection, `SELECT count(*) AS n FROM ${source.relation}`))['n']);
    if (total === 0)
      return { ...refused({ code: 'no_rows', parameters: {}, count: 1 }), dialect: header.dialect };
    const expectations = { ...nothingExpected, reading };
    const guessed = await guessColumns(connection, source, header.names, [], expectations);
    const columns: DraftColumnFacts[] = [];
    for (const column of guessed.columns) columns.push(await describeColumn(connection, source, column));
    const preview = await source.preview(connection, guessed.columns);
    const structural = await structuralRejects(connection);
    const structure: StoredProblem[] = structural.slice(0, 1).map(({ line, reason, text }) => ({
      code: 'structure',
      parameters: { reason },
      line,
      value: text.slice(0, 100),
      count: structural.length,
    }));
    const found = [...header.notes, ...structure, ...guessed.problems];
    return {
      rows: total,
      dialect: foundDialect(header, guessed.columns, expectations, found),
      columns,
      preview,
      problems: [...(readable.unpacked?.notes ?? []), ...found],
      suggestions: suggest(columns, Math.min(total, inspectedRows)),
    };
  } catch (error) {
    return { ...refused(problemOfRead(error)), dialect: header.dialect };
  }
}

async function describeColumn(
  connection: DuckDBConnection,
  source: CsvSource,
  { index, name, type, format }: StagedColumn,
): Promise<DraftColumnFacts> {
  const value = readCellSql('text', source.cell(index));
  const sample = `(SELECT ${value} AS v FROM (SELECT ${source.cell(index)} FROM ${source.relation} LIMIT ${inspectedRows}))`;
  const counts = await oneRow(
    connection,
    `SELECT count(*) AS n, count(v) AS given, count(DISTINCT v) AS levels FROM ${sample}`,
  );
  const top = (
    await connection.runAndReadAll(
      `SELECT v, count(*) AS n FROM ${sample} WHERE v IS NOT NULL GROUP BY v ORDER BY n DESC, v LIMIT ${shownExamples}`,
    )
  ).getRows();
  return {
    name,
    type,
    format,
    distinct: toCount(counts['levels']),
    missing: toCount(counts['n']) - toCount(counts['given']),
    examples: top.map(([example, count]) => ({
      value: String(example).slice(0, 200),
      count: toCount(count),
    })),
  };
}

const targetNames =
  /target|label|class|churn|fail|falha|attrition|outcome|result|alvo|defect|defeito|status|default|fraud|late|sold|price|preco|valor|^y$|test/i;
const keyNames = /(^|[_\s-])(id|key|knr|chave|code|codigo|serial|vin|nr|number|numero)($|[_\s-])|id$|^id/i;

function suggest(columns: readonly DraftColumnFacts[], rows: number): DraftReport['suggestions'] {
  const keys = columns
    .filter(
      ({ distinct, missing, type }) =>
        missing === 0 &&
        distinct === rows &&
        rows > 1 &&
        type !== 'number' &&
        type !== 'date' &&
        type !== 'timestamp' &&
        type !== 'boolean',
    )
    .map(({ name }, place) => ({ name, rank: (keyNames.test(name) ? 0 : 100) + place }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ name }) => name);
  const dates = columns.filter(({ type }) => type === 'date' || type === 'timestamp').map(({ name }) => name);
  const targets = columns
    .map((column, place) => ({ column, task: taskOf(column), place }))
    .filter(
      (entry): entry is { column: DraftColumnFacts; task: Task; place: number } =>
        entry.task !== null && !keys.includes(entry.column.name),
    )
    .map((entry) => ({ ...entry, rank: rankOf(entry, columns.length) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ column, task }) => ({
      column: column.name,
      task,
      positive: task === 'binary' ? suggestPositive(column.examples) : null,
    }));
  return { targets, keys, dates };
}

function taskOf({ type, distinct }: DraftColumnFacts): Task | null {
  if (distinct === 2) return 'binary';
  if (distinct < 2 || type === 'date' || type === 'timestamp') return null;
  if (type === 'number' || (type === 'integer' && distinct > mostClasses)) return 'regression';
  return distinct <= mostClasses ? 'multiclass' : null;
}

/** A telling name counts most, then the kind of outcome, then a place at the file's end or start. */
function rankOf(
  { column, task, place }: { column: DraftColumnFacts; task: Task; place: number },
  width: number,
): number {
  const named = targetNames.test(column.name) ? 0 : 1000;
  const kind = { binary: 0, multiclass: 200, regression: 300 }[task];
  const fromEnd = width - 1 - place;
  return named + kind + Math.min(fromEnd, place + 2);
}

function refused(...problems: StoredProblem[]): DraftReport {
  const errors = problems.filter((problem) => severityOf(problem) === 'error');
  return {
    rows: 0,
    dialect: null,
    columns: [],
    preview: [],
    problems: errors,
    suggestions: { targets: [], keys: [], dates: [] },
  };
}
