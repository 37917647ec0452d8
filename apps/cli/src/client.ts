import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { z } from 'zod';
import { ProblemDetails } from '@kaefer/contracts';

/** A refusal of the server, or no answer at all; its message is for people. */
export class ClientError extends Error {
  /** The server's code, or `unreachable`. */
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
  /** Language of the server's messages, such as `pt-BR`. */
  readonly language: string;
}

/** Calls the API; every answer is checked against its schema. */
export class Client {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** @throws ClientError */
  async json<T>(schema: z.ZodType<T>, method: string, path: string, body?: unknown): Promise<T> {
    const content =
      body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await this.#send(method, path, content);
    return schema.parse(await response.json());
  }

  /** Streams a file to the server. @throws ClientError */
  async upload(path: string, file: string): Promise<Response> {
    const body = Readable.toWeb(createReadStream(file)) as ReadableStream;
    return this.#send('POST', path, { body, headers: { 'content-type': 'text/csv' }, duplex: 'half' });
  }

  /** An answer that is no JSON. @throws ClientError */
  async download(path: string): Promise<Response> {
    return this.#send('GET', path, {});
  }

  async #send(method: string, path: string, init: RequestInit & { duplex?: 'half' }): Promise<Response> {
    const { url, token, language } = this.#options;
    const headers = {
      authorization: `Bearer ${token}`,
      'accept-language': language,
      ...(init.headers as Record<string, string> | undefined),
    };
    const response = await fetch(new URL(`/api/v1${path}`, url), { ...init, method, headers }).catch(
      (error: unknown) => {
        throw new ClientError(
          'unreachable',
          `No Käfer answers at ${url}. Start it with npm start, or name its address with --url.`,
          { cause: error },
        );
      },
    );
    if (response.ok) return response;
    const problem = ProblemDetails.safeParse(await response.json().catch(() => undefined));
    if (!problem.success)
      throw new ClientError('unexpected', `${method} ${path} was answered with ${response.status}.`);
    throw new ClientError(problem.data.code, problem.data.detail);
  }
}
