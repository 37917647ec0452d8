import { expect } from 'vitest';
import type { z } from 'zod';
import {
  Comparison,
  Dataset,
  Decision,
  ProblemDetails,
  Project,
  Run,
  Upload,
  type ErrorCode,
  type ProjectCreationInput,
  type SettingsRequestInput,
  type RunMode,
} from '@kaefer/contracts';
import { csvOf, type Row } from './rows.ts';

export interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly json?: unknown;
  readonly csv?: string | Uint8Array;
  readonly form?: FormData;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Holds that a body has the schema's form and nothing more, at any depth. */
export function parseStrictly<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  const parsed = schema.parse(body);
  expect(body).toStrictEqual(parsed);
  return parsed;
}

/** Calls the API with the token and parses every answer with its contract. */
export class ApiClient {
  readonly address: string;
  readonly token: string | null;

  constructor(address: string, token: string | null) {
    this.address = address;
    this.token = token;
  }

  async send(path: string, options: CallOptions = {}): Promise<Response> {
    const { json, csv, form, headers = {} } = options;
    const body = json !== undefined ? JSON.stringify(json) : (csv ?? form);
    return fetch(`${this.address}${path}`, {
      method: options.method ?? (body === undefined ? 'GET' : 'POST'),
      redirect: 'manual',
      headers: {
        ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(csv === undefined ? {} : { 'content-type': 'text/csv' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
  }

  async call<T extends z.ZodType>(
    schema: T,
    status: number,
    path: string,
    options?: CallOptions,
  ): Promise<z.infer<T>> {
    const response = await this.send(path, options);
    const text = await response.text();
    expect(response.status, text).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    return parseStrictly(schema, JSON.parse(text));
  }

  /** A call that must be refused with this code. */
  async refused(
    code: ErrorCode,
    status: number,
    path: string,
    options?: CallOptions,
  ): Promise<ProblemDetails> {
    const response = await this.send(path, options);
    const text = await response.text();
    expect(response.status, text).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const problem = parseStrictly(ProblemDetails, JSON.parse(text));
    expect(problem).toMatchObject({ code, status, type: `urn:kaefer:error:${code}` });
    expect(problem.detail, 'every placeholder is filled').not.toMatch(/\{[a-z]\w*\}/i);
    return problem;
  }

  async text(path: string, options?: CallOptions): Promise<string> {
    const response = await this.send(path, options);
    const text = await response.text();
    expect(response.status, text).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/csv/);
    return text;
  }

  createProject(creation: ProjectCreationInput): Promise<Project> {
    return this.call(Project, 201, '/api/v1/projects', { json: creation });
  }

  project(id: string): Promise<Project> {
    return this.call(Project, 200, `/api/v1/projects/${id}`);
  }

  changeSettings(project: string, change: SettingsRequestInput): Promise<Project> {
    const path = `/api/v1/projects/${project}/settings`;
    return this.call(Project, 200, path, { method: 'PATCH', json: change });
  }

  upload(project: string, rows: readonly Row[] | string, filename = 'rows.csv'): Promise<Upload> {
    const csv = typeof rows === 'string' ? rows : csvOf(rows);
    const path = `/api/v1/projects/${project}/uploads?filename=${encodeURIComponent(filename)}`;
    return this.call(Upload, 201, path, { csv });
  }

  startRun(project: string, uploads: readonly string[], mode: RunMode = 'full'): Promise<Run> {
    return this.call(Run, 202, `/api/v1/projects/${project}/runs`, { json: { uploads, mode } });
  }

  run(id: string): Promise<Run> {
    return this.call(Run, 200, `/api/v1/runs/${id}`);
  }

  /** Asks until the run is no longer queued or running, or until it is in one of the given states. */
  async untilRun(id: string, isThere: (run: Run) => boolean = hasEnded): Promise<Run> {
    for (;;) {
      const run = await this.run(id);
      if (isThere(run)) return run;
      if (hasEnded(run)) throw new Error(`the run went past the awaited state: ${JSON.stringify(run)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Starts a run that must come to its decision. */
  async runToDecision(project: string, uploads: readonly string[], mode: RunMode = 'full'): Promise<Run> {
    const started = await this.startRun(project, uploads, mode);
    const run = await this.untilRun(started.id);
    expect(run, JSON.stringify(run.error)).toMatchObject({ status: 'awaiting_decision', error: null });
    return run;
  }

  comparison(run: string): Promise<Comparison> {
    return this.call(Comparison, 200, `/api/v1/runs/${run}/comparison`);
  }

  decide(run: string, choice: 'candidate' | 'current', note?: string): Promise<Decision> {
    return this.call(Decision, 200, `/api/v1/runs/${run}/decision`, { json: { choice, note } });
  }

  cancel(run: string): Promise<Run> {
    return this.call(Run, 200, `/api/v1/runs/${run}/cancel`, { method: 'POST' });
  }

  dataset(project: string): Promise<Dataset> {
    return this.call(Dataset, 200, `/api/v1/projects/${project}/dataset`);
  }

  datasetCsv(project: string, version?: number): Promise<string> {
    return this.text(
      `/api/v1/projects/${project}/dataset.csv${version === undefined ? '' : `?version=${version}`}`,
    );
  }

  /** Uploads rows, retrains and puts the new model into production. */
  async learn(project: string, rows: readonly Row[]): Promise<Run> {
    const upload = await this.upload(project, rows);
    expect(upload.status, JSON.stringify(upload.problems)).toBe('valid');
    const run = await this.runToDecision(project, [upload.id]);
    await this.decide(run.id, 'candidate');
    return run;
  }
}

function hasEnded(run: Run): boolean {
  return run.status !== 'queued' && run.status !== 'running';
}
