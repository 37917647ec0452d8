import { ProblemDetails } from '@kaefer/contracts';
import { i18n } from '../i18n/index.ts';
import { ApiError } from './api-error.ts';

/** What a schema of the contracts offers; the client needs no more of zod than this. */
export interface Schema<T> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: T }
    | { success: false; error: { issues: ReadonlyArray<{ path: PropertyKey[]; message: string }> } };
}

/** `{items: […]}`, the form of every list. */
export function itemsOf<T>(schema: Schema<T>): Schema<T[]> {
  return {
    safeParse(value) {
      const items: unknown = (value as { items?: unknown } | null)?.items;
      if (!Array.isArray(items))
        return { success: false, error: { issues: [{ path: ['items'], message: 'expected a list' }] } };
      const parsed: T[] = [];
      for (const [index, item] of items.entries()) {
        const result = schema.safeParse(item);
        if (!result.success) {
          const issues = result.error.issues.map((issue) => ({
            ...issue,
            path: ['items', index, ...issue.path],
          }));
          return { success: false, error: { issues } };
        }
        parsed.push(result.data);
      }
      return { success: true, data: parsed };
    },
  };
}

export const apiPath = (path: string): string => `/api/v1${path}`;

let onSignedOut: () => void = () => {};
/** Called when any answer says that the session is over. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

/** The server's problem+json as an error; a readable one as well when the body is something else. */
export function errorOfAnswer(status: number, body: string): ApiError {
  if (status === 401) onSignedOut();
  try {
    const parsed = ProblemDetails.safeParse(JSON.parse(body));
    if (parsed.success) return new ApiError(parsed.data);
  } catch {
    // Not JSON: a proxy's page, for example.
  }
  return new ApiError({
    status,
    code: 'unexpected_answer',
    title: i18n.t('errors.unexpectedTitle'),
    detail: i18n.t('errors.unexpectedStatus', { status }),
  });
}

export function errorOfConnection(): ApiError {
  return new ApiError({
    status: 0,
    code: 'no_connection',
    title: i18n.t('errors.connectionTitle'),
    detail: i18n.t('errors.connectionDetail'),
  });
}

export function parseAnswer<T>(schema: Schema<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ApiError({
    status: 200,
    code: 'unexpected_answer',
    title: i18n.t('errors.unexpectedTitle'),
    detail: i18n.t('errors.unexpectedField', {
      field: issue?.path.map(String).join('.') ?? '',
      reason: issue?.message ?? '',
    }),
  });
}

interface Options {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly json?: unknown;
  readonly signal?: AbortSignal;
}

async function send(path: string, { method = 'GET', json, signal }: Options): Promise<Response> {
  const headers: Record<string, string> = { 'Accept-Language': i18n.language };
  if (json !== undefined) headers['Content-Type'] = 'application/json';
  let answer: Response;
  try {
    answer = await fetch(apiPath(path), {
      method,
      headers,
      credentials: 'same-origin',
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw errorOfConnection();
  }
  if (!answer.ok) throw errorOfAnswer(answer.status, await answer.text());
  return answer;
}

/** Calls the API and returns its JSON, checked against a schema of the contracts. Throws `ApiError`. */
export async function request<T>(path: string, schema: Schema<T>, options: Options = {}): Promise<T> {
  const answer = await send(path, options);
  return parseAnswer(schema, await answer.json());
}

/** The same for calls whose answer does not matter. */
export async function command(path: string, options: Options): Promise<void> {
  await send(path, options);
}
