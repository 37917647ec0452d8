import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { z } from 'zod';
import { ProblemDetails, type Locale } from '@kaefer/contracts';
import { say } from './texts.ts';

/** A refusal of the server, or no answer at all; its message is for people. */
export class ClientError extends Error {
  /** The server's code, or `unreachable`, `unexpected`, `usage`, `file`. */
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ClientError';
    this.code = code;
  }
}

export interface ClientOptions {
  /** Such as `http://127.0.0.1:4870`. */
  readonly url: string;
  readonly token: string;
  /** Language of every message. */
  readonly locale: Locale;
}

/** Calls the API; every answer is checked against its schema. */
export class Client {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** An address of the server as a browser opens it. */
  address(path: string): string {
    return new URL(path, this.#options.url).href;
  }

  /** @throws ClientError */
  async json<T>(schema: z.ZodType<T>, method: string, path: string, body?: unknown): Promise<T> {
    const content =
      body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    return this.#parse(schema, await this.#send(method, path, content), `${method} ${path}`);
  }

  /** A call whose answer holds nothing. @throws ClientError */
  async command(method: string, path: string): Promise<void> {
    await this.#send(method, path, {});
  }

  /** Streams a readable file to the server. @throws ClientError */
  async upload<T>(schema: z.ZodType<T>, path: string, file: string): Promise<T> {
    const body = Readable.toWeb(createReadStream(file)) as ReadableStream;
    const content = {
      body,
      headers: { 'content-type': 'application/octet-stream' },
      duplex: 'half',
    } as const;
    return this.#parse(schema, await this.#send('POST', path, content), `POST ${path}`);
  }

  /** The body of an answer that is no JSON. @throws ClientError */
  async download(path: string): Promise<ReadableStream> {
    const { body, status } = await this.#send('GET', path, {});
    if (body === null) throw this.#unexpected(`GET ${path}`, status);
    return body;
  }

  async #parse<T>(schema: z.ZodType<T>, response: Response, call: string): Promise<T> {
    const parsed = schema.safeParse(await response.json().catch(() => undefined));
    if (!parsed.success) throw this.#unexpected(call, response.status, parsed.error);
    return parsed.data;
  }

  async #send(method: string, path: string, init: RequestInit & { duplex?: 'half' }): Promise<Response> {
    const { url, token, locale } = this.#options;
    const headers = {
      authorization: `Bearer ${token}`,
      'accept-language': locale,
      ...(init.headers as Record<string, string> | undefined),
    };
    let response;
    try {
      response = await fetch(new URL(`/api/v1${path}`, url), { ...init, method, headers });
    } catch (cause) {
      throw new ClientError('unreachable', say('unreachable', locale, { url }), { cause });
    }
    if (response.ok) return response;
    const problem = ProblemDetails.safeParse(await response.json().catch(() => undefined));
    if (!problem.success) throw this.#unexpected(`${method} ${path}`, response.status);
    throw new ClientError(problem.data.code, problem.data.detail);
  }

  #unexpected(call: string, status: number, cause?: unknown): ClientError {
    const message = say('unexpected', this.#options.locale, { call, status: String(status) });
    return new ClientError('unexpected', message, { cause });
  }
}
