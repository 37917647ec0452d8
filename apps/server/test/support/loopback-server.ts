import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface LoopbackServer {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** What it was asked, in order. */
  readonly requests: IncomingMessage[];
  /** What it answers from now on. */
  answer: Answer;
}

/** A server that answers as a test wants, until the test ends. */
export async function loopbackServer(
  answer: Answer,
  options: { secure?: boolean } = {},
): Promise<LoopbackServer> {
  const requests: IncomingMessage[] = [];
  const state = { answer };
  const listen: Answer = (request, response) => {
    requests.push(request);
    state.answer(request, response);
  };
  // Made for this: openssl req -x509 -newkey ec -nodes -days 36500 -subj /CN=localhost, for localhost and 127.0.0.1.
  const pem = readFileSync(new URL('./self-signed.pem', import.meta.url));
  const server =
    options.secure === true ? createSecureServer({ key: pem, cert: pem }, listen) : createServer(listen);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => void server.close(() => resolve()));
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin: `${options.secure === true ? 'https' : 'http'}://${host}`,
    host,
    requests,
    get answer() {
      return state.answer;
    },
    set answer(next) {
      state.answer = next;
    },
  };
}
