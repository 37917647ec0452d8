import type { ProblemDetails } from '@kaefer/contracts';

/** A refusal of the server, or no answer at all. Title and detail are in the reader's language. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly problems: ProblemDetails['problems'];

  constructor(problem: Pick<ProblemDetails, 'status' | 'code' | 'title' | 'detail' | 'problems'>) {
    super(`${problem.code}: ${problem.detail}`);
    this.name = 'ApiError';
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title;
    this.detail = problem.detail;
    this.problems = problem.problems;
  }
}

export function isApiError(error: unknown, code?: string): error is ApiError {
  return error instanceof ApiError && (code === undefined || error.code === code);
}
