import { errorCatalogue, type ErrorCode } from './error-catalogue.ts';
import { render, type Locale, type Parameters } from './locale.ts';

/**
 * The one base of every error that a person may see. It carries a stable code and its parameters; the sentence
 * is chosen when it is shown, in the reader's language. `message` is the English one, for logs.
 */
export class KaeferError extends Error {
  readonly code: ErrorCode;
  readonly parameters: Parameters;

  constructor(code: ErrorCode, parameters: Parameters = {}, options?: { cause?: unknown }) {
    super(render(errorCatalogue[code].detail, parameters, 'en'), options);
    this.name = 'KaeferError';
    this.code = code;
    this.parameters = parameters;
  }
}

/** An error as it is stored with a run, before anyone's language is known. */
export interface StoredError {
  readonly code: ErrorCode;
  readonly parameters: Parameters;
}

/** Any thrown value as what is stored and shown; what is not ours becomes `internal_error`. */
export function toStoredError(error: unknown): StoredError {
  if (error instanceof KaeferError) return { code: error.code, parameters: error.parameters };
  if (isDiskFull(error)) return { code: 'disk_full', parameters: {} };
  return {
    code: 'internal_error',
    parameters: { reason: error instanceof Error ? error.message : String(error) },
  };
}

/** Whether the system refused a write for want of space, said by Node, DuckDB or SQLite, or behind another error. */
function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  if (['ENOSPC', 'EDQUOT', 'SQLITE_FULL', 'storage_full'].includes(code)) return true;
  return /No space left on device|Disk quota exceeded/i.test(error.message) || isDiskFull(error.cause);
}

export function isErrorCode(value: string): value is ErrorCode {
  return Object.hasOwn(errorCatalogue, value);
}

/** Title and detail of an error in a language. */
export function describeError(
  error: StoredError,
  locale: Locale,
): { title: string; detail: string; status: number } {
  const entry = errorCatalogue[error.code];
  return {
    title: entry.title[locale],
    detail: render(entry.detail, error.parameters, locale),
    status: entry.status,
  };
}
