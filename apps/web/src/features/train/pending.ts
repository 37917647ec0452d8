import { unansweredColumns, unansweredLeaks, type Project, type Upload } from '@kaefer/contracts';

/** The uploads that no run has taken and nobody has discarded, in the order in which they arrived. */
export function pendingUploads(uploads: readonly Upload[]): Upload[] {
  return uploads
    .filter((upload) => upload.status === 'valid' || upload.status === 'invalid')
    .sort((a, b) => a.receivedAt.localeCompare(b.receivedAt));
}

export const changedRows = (uploads: readonly Upload[]): number =>
  uploads.reduce((sum, upload) => sum + upload.rows.new + upload.rows.updated, 0);

type Pending = readonly Pick<Upload, 'status' | 'problems'>[];
type Answers = Pick<Project, 'exclude' | 'confirmed'>;

const problemsOf = (pending: Pending): Upload['problems'] =>
  pending.filter(({ status }) => status === 'valid').flatMap(({ problems }) => problems);

/** Columns of the files to be merged that may give the outcome away, and of which nobody has said anything yet. */
export const openLeaks = (project: Answers, pending: Pending): string[] =>
  unansweredLeaks(problemsOf(pending), project);

export interface ColumnQuestion {
  readonly column: string;
  /** What was found, in the reader's language. */
  readonly findings: readonly string[];
  /** Whether it must be answered before a run. */
  readonly isNeeded: boolean;
}

/** What a person should say of columns of the files to be merged. */
export function columnQuestions(project: Answers, pending: Pending): ColumnQuestion[] {
  const problems = problemsOf(pending);
  const needed = openLeaks(project, pending);
  return unansweredColumns(problems, project).map((column) => {
    const own = problems.filter((problem) => unansweredColumns([problem], project).includes(column));
    return {
      column,
      findings: [...new Set(own.map(({ message }) => message))],
      isNeeded: needed.includes(column),
    };
  });
}
