import { existsSync } from 'node:fs';
import {
  describeProblem,
  rejectsRows,
  severityOf,
  type Draft,
  type Locale,
  type Problem,
  type StoredProblem,
  type Upload,
} from '@kaefer/contracts';
import {
  readJson,
  roleOf,
  type CheckReport,
  type DraftReport,
  type ProjectRecord,
  type Received,
  expectationsOf,
  sourceExpectations,
} from '@kaefer/pipeline';
import type { Context } from '../context.ts';

/** The columns of an upload's record that its view shows. */
export interface UploadRow {
  readonly id: string;
  readonly project: string;
  readonly source: string | null;
  readonly feed: string | null;
  readonly filename: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly status: Upload['status'];
  readonly received_at: string;
}

/** An upload as the API shows it, with its findings in the reader's language. */
export function uploadView(context: Context, project: ProjectRecord, row: UploadRow, locale: Locale): Upload {
  const folder = context.folder(row.project).upload(row.id);
  const report = existsSync(folder.report) ? readJson<CheckReport>(folder.report) : undefined;
  const source = project.definition.sources.find(({ name }) => name === row.source);
  const expectations = source === undefined ? expectationsOf(project) : sourceExpectations(source);
  return {
    id: row.id,
    project: row.project,
    source: row.source,
    feed: row.feed,
    filename: row.filename,
    bytes: Number(row.bytes),
    sha256: row.sha256,
    status: row.status,
    receivedAt: row.received_at,
    dialect: report?.dialect ?? null,
    columns: (report?.columns ?? []).map(({ name, type, format, givenAs }) => ({
      name,
      type,
      format,
      role: roleOf(expectations, name),
      ...(givenAs === undefined ? {} : { givenAs }),
    })),
    preview: (report?.preview ?? []).map((cells) => [...cells]),
    rows: report?.rows ?? { total: 0, new: 0, updated: 0, unchanged: 0, rejected: 0 },
    problems: (report?.problems ?? []).map((problem) => problemView(problem, locale)),
    contractVersion: report?.contractVersion ?? null,
  };
}

export function problemView(problem: StoredProblem, locale: Locale): Problem {
  return {
    severity: severityOf(problem),
    code: problem.code,
    message: describeProblem(problem, locale),
    count: problem.count,
    rejectsRows: rejectsRows(problem),
    ...(problem.column === undefined ? {} : { column: problem.column }),
    ...(problem.line === undefined ? {} : { line: problem.line }),
    ...(problem.value === undefined || problem.value === '' ? {} : { value: problem.value }),
    ...(problem.examples === undefined
      ? {}
      : {
          examples: problem.examples.map(({ line, value }) => ({
            ...(line === undefined ? {} : { line }),
            value,
          })),
        }),
  };
}

/** A draft as the API shows it; its suggested name is the file's. */
export function draftView(received: Received, report: DraftReport, locale: Locale): Draft {
  const name = received.filename
    .replace(/\.[a-z0-9]{1,5}$/i, '')
    .replace(/[_-]+/g, ' ')
    .trim();
  return {
    id: received.id,
    filename: received.filename,
    bytes: received.bytes,
    rows: report.rows,
    dialect: report.dialect,
    columns: [...report.columns],
    preview: report.preview.map((cells) => [...cells]),
    problems: report.problems.map((problem) => problemView(problem, locale)),
    suggestions: { name, ...report.suggestions },
  };
}
