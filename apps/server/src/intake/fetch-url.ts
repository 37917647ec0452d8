import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { PassThrough, type Readable } from 'node:stream';
import { KaeferError, type Feed, type SecretUse } from '@kaefer/contracts';
import type { AllowedHosts } from './allowed-hosts.ts';
import { errorOfConnection } from './connection-errors.ts';
import type { OfferedFile } from './feed-files.ts';
import type { Secrets } from './secrets.ts';

type UrlFeed = Extract<Feed, { kind: 'url' }>;

export interface Timeouts {
  /** So long a server may take to be connected to, in milliseconds. */
  readonly connectMs: number;
  /** So long a connection may be silent: a report may have to be computed before it is sent. In milliseconds. */
  readonly idleMs: number;
}
export const usualTimeouts: Timeouts = { connectMs: 20_000, idleMs: 120_000 };
/** More would be a circle. */
const mostRedirects = 5;
const redirects = new Set([301, 302, 303, 307, 308]);
/** Enough of a page to see that it is one. */
const sniffedBytes = 512;

export interface FetchedUrl extends OfferedFile {
  readonly content: Readable;
}

/** @throws KaeferError `feed_address_invalid`, `feed_credentials_in_address` */
export function parseUrl(address: string): URL {
  if (!URL.canParse(address)) throw new KaeferError('feed_address_invalid', { address });
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new KaeferError('feed_address_invalid', { address });
  if (url.username !== '' || url.password !== '') throw new KaeferError('feed_credentials_in_address');
  url.hash = '';
  return url;
}

/**
 * Asks for a file, unless it is the one that has `known` as its version.
 *
 * Redirects are followed to allowed hosts only, never from https to http, and the secret goes to the origin of the
 * configured address alone.
 *
 * @returns undefined when its content has not changed since
 * @throws KaeferError saying why there is no file
 */
export async function fetchUrl(
  { address, secret, sendAs }: UrlFeed,
  known: string | undefined,
  hosts: AllowedHosts,
  secrets: Secrets,
  signal: AbortSignal,
  timeouts: Timeouts = usualTimeouts,
): Promise<FetchedUrl | undefined> {
  const start = parseUrl(address);
  const withSecret = secret === null ? plainly(start) : withSecretOf(start, secrets.get(secret), sendAs);
  let url = withSecret.url;
  for (let hops = 0; hops <= mostRedirects; hops++) {
    hosts.require(url);
    const headers = {
      'user-agent': 'kaefer',
      accept: '*/*',
      // What arrives is kept byte for byte: nothing packs it on the way.
      'accept-encoding': 'identity',
      ...conditions(known),
      ...(url.origin === start.origin ? withSecret.headers : {}),
    };
    const response = await send(url, { headers, signal, lookup: hosts.lookupFor(url) }, timeouts);
    const { statusCode = 0 } = response;
    if (redirects.has(statusCode)) {
      url = targetOf(response, url);
      continue;
    }
    if (statusCode === 304) {
      response.resume();
      return undefined;
    }
    if (statusCode !== 200) {
      response.destroy();
      throw errorOfStatus(statusCode, start);
    }
    return fileOf(response, start, url);
  }
  throw new KaeferError('feed_redirects', { host: start.host });
}

const plainly = (url: URL): { url: URL; headers: Record<string, string> } => ({ url, headers: {} });

/** @throws KaeferError `feed_secret_malformed` */
function withSecretOf(
  url: URL,
  secret: string,
  use: SecretUse,
): { url: URL; headers: Record<string, string> } {
  const header = (name: string, value: string): { url: URL; headers: Record<string, string> } => {
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value))
      throw new KaeferError('feed_secret_malformed', { form: 'one line of Latin letters, digits and signs' });
    return { url, headers: { [name.toLowerCase()]: value } };
  };
  switch (use.as) {
    case 'bearer':
      return header('authorization', `Bearer ${secret}`);
    case 'basic':
      if (!secret.includes(':')) throw new KaeferError('feed_secret_malformed', { form: 'user:password' });
      return header('authorization', `Basic ${Buffer.from(secret).toString('base64')}`);
    case 'header':
      return header(use.name, secret);
    case 'query': {
      const signed = new URL(url);
      signed.searchParams.set(use.name, secret);
      return { url: signed, headers: {} };
    }
  }
}

/** A version is the ETag, or else the time of change, as the server said it. */
function conditions(known: string | undefined): Record<string, string> {
  if (known?.startsWith('etag ') === true) return { 'if-none-match': known.slice('etag '.length) };
  if (known?.startsWith('time ') === true) return { 'if-modified-since': known.slice('time '.length) };
  return {};
}

function versionOf({ headers }: IncomingMessage): string {
  if (headers.etag !== undefined) return `etag ${headers.etag}`;
  return headers['last-modified'] === undefined ? 'unknown' : `time ${headers['last-modified']}`;
}

function send(url: URL, options: RequestOptions, { connectMs, idleMs }: Timeouts): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(errorOfConnection(error, url.host));
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(
      url,
      { ...options, agent: false, timeout: connectMs },
      (response) => {
        response.setTimeout(idleMs, () => response.destroy(timeout()));
        resolve(response);
      },
    );
    const timeout = (): KaeferError => new KaeferError('feed_timeout', { host: url.host });
    request.once('timeout', () => request.destroy(timeout()));
    request.once('socket', (socket) => {
      const connected = url.protocol === 'https:' ? 'secureConnect' : 'connect';
      socket.once(connected, () => request.setTimeout(idleMs));
    });
    request.on('error', fail);
    request.end();
  });
}

function targetOf(response: IncomingMessage, from: URL): URL {
  response.destroy();
  const { location = '' } = response.headers;
  if (!URL.canParse(location, from.href)) throw new KaeferError('feed_redirects', { host: from.host });
  const target = new URL(location, from);
  if (!/^https?:$/.test(target.protocol) || (from.protocol === 'https:' && target.protocol === 'http:'))
    throw new KaeferError('feed_redirect_refused', { host: from.host, target: target.host });
  return target;
}

function errorOfStatus(status: number, { origin, pathname }: URL): KaeferError {
  const address = `${origin}${pathname}`;
  if (status === 401 || status === 403) return new KaeferError('feed_access_refused', { address, status });
  if (status === 404 || status === 410) return new KaeferError('feed_nothing_there', { address });
  return new KaeferError('feed_answer_unexpected', { address, status });
}

async function fileOf(response: IncomingMessage, start: URL, url: URL): Promise<FetchedUrl> {
  const content = new PassThrough();
  content.on('error', () => undefined); // whoever reads it is told; until then nobody listens
  response.once('error', (error) => content.destroy(errorOfConnection(error, url.host)));
  content.once('close', () => response.destroy());
  const first = await firstBytes(response).catch((error: unknown) => {
    throw errorOfConnection(error, url.host);
  });
  const isPage =
    /^text\/html\b/i.test(response.headers['content-type'] ?? '') ||
    /^\s*<(!doctype\s+html|html[\s>])/i.test(first.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, ''));
  if (isPage) {
    content.destroy();
    throw new KaeferError('feed_web_page', { address: `${start.origin}${start.pathname}` });
  }
  content.write(first);
  response.pipe(content);
  const { headers } = response;
  return {
    file: `${start.origin}${start.pathname}${start.search}`,
    version: versionOf(response),
    filename: filenameOf(headers['content-disposition']) ?? decoded(start.pathname.split('/').at(-1) ?? ''),
    bytes: Number(headers['content-length'] ?? 0) || 0,
    content,
  };
}

/** The beginning of a stream, which goes on from there when it is piped. */
async function firstBytes(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    const done = (): void => {
      response.off('data', take).off('end', done).off('error', fail).pause();
      resolve(Buffer.concat(chunks));
    };
    const fail = (error: Error): void => reject(error);
    const take = (chunk: Buffer): void => {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= sniffedBytes) done();
    };
    response.on('data', take).once('end', done).once('error', fail);
  });
}

/** The name that a server gives to a file (RFC 6266). */
function filenameOf(disposition: string | undefined): string | undefined {
  const extended = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')?.[1];
  if (extended !== undefined) return decoded(extended);
  const plain = /filename=(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(disposition ?? '');
  return plain === null ? undefined : (plain[1]?.replace(/\\(.)/g, '$1') ?? plain[2]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
