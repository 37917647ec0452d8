import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Readable } from 'node:stream';
import { GetObjectCommand, paginateListObjectsV2, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { KaeferError, type Feed } from '@kaefer/contracts';
import type { AllowedHosts } from './allowed-hosts.ts';
import { isPassing, type FilePlace, type OfferedFile } from './feed-files.ts';
import { usualTimeouts } from './fetch-url.ts';
import { errorOfConnection } from './connection-errors.ts';
import { parseS3Address, s3Endpoint } from './s3-address.ts';
import type { Secrets } from './secrets.ts';

type S3Feed = Extract<Feed, { kind: 's3' }>;

/** Requests that fail for a passing reason are made again, with growing pauses. */
const maxAttempts = 3;

/** The objects of a bucket whose keys begin alike. */
export class S3Place implements FilePlace {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #endpoint: URL;

  constructor(feed: S3Feed, hosts: AllowedHosts, secrets: Secrets) {
    const { bucket, prefix } = parseS3Address(feed.address);
    [this.#bucket, this.#prefix] = [bucket, prefix];
    this.#endpoint = s3Endpoint(feed);
    hosts.require(this.#endpoint);
    const lookup = hosts.lookupFor(this.#endpoint);
    this.#client = new S3Client({
      region: feed.region,
      endpoint: this.#endpoint.href,
      // Buckets as a part of the path: one host is asked, the one that was allowed.
      forcePathStyle: true,
      maxAttempts,
      ...(feed.secret === null ? {} : { credentials: credentialsOf(secrets.get(feed.secret)) }),
      requestHandler: {
        httpAgent: new HttpAgent({ lookup, keepAlive: true }),
        httpsAgent: new HttpsAgent({ lookup, keepAlive: true }),
        connectionTimeout: usualTimeouts.connectMs,
        requestTimeout: usualTimeouts.idleMs,
      },
    });
  }

  async list(abortSignal: AbortSignal): Promise<OfferedFile[]> {
    const found: (OfferedFile & { readonly modifiedMs: number })[] = [];
    try {
      const place = { Bucket: this.#bucket, Prefix: this.#prefix };
      for await (const { Contents = [] } of paginateListObjectsV2({ client: this.#client }, place, {
        abortSignal,
      }))
        for (const { Key = '', Size = 0, ETag = '', LastModified } of Contents) {
          const filename = Key.split('/').at(-1) ?? '';
          if (filename === '' || isPassing(filename) || Size === 0) continue;
          const modifiedMs = LastModified?.getTime() ?? 0;
          found.push({ file: this.#addressOf(Key), version: ETag, filename, bytes: Size, modifiedMs });
        }
    } catch (error) {
      throw this.#explain(error);
    }
    return found
      .sort((a, b) => a.modifiedMs - b.modifiedMs || (a.file < b.file ? -1 : 1))
      .map(({ file, version, filename, bytes }) => ({ file, version, filename, bytes }));
  }

  async open({ file, version, filename }: OfferedFile, abortSignal: AbortSignal): Promise<Readable> {
    const Key = file.slice(this.#addressOf('').length);
    try {
      const { Body } = await this.#client.send(
        new GetObjectCommand({ Bucket: this.#bucket, Key, IfMatch: version }),
        { abortSignal },
      );
      return Body instanceof Readable ? Body : Readable.from([]);
    } catch (error) {
      if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412)
        throw new KaeferError('feed_file_changed', { file: filename }, { cause: error });
      throw this.#explain(error);
    }
  }

  /** Closes its connections. */
  close(): void {
    this.#client.destroy();
  }

  #addressOf(key: string): string {
    return `s3://${this.#bucket}/${key}`;
  }

  #explain(error: unknown): unknown {
    const { host } = this.#endpoint;
    if (!(error instanceof S3ServiceException)) return errorOfConnection(error, host);
    const status = error.$metadata.httpStatusCode ?? 0;
    const address = this.#addressOf(this.#prefix);
    if (error.name === 'NoSuchBucket' || status === 404)
      return new KaeferError('feed_nothing_there', { address }, { cause: error });
    if (status === 401 || status === 403)
      return new KaeferError('feed_access_refused', { address, status }, { cause: error });
    return new KaeferError('feed_answer_unexpected', { address, status }, { cause: error });
  }
}

/** @throws KaeferError `feed_secret_malformed` */
function credentialsOf(secret: string): { accessKeyId: string; secretAccessKey: string } {
  const [accessKeyId = '', ...rest] = secret.split(':');
  const secretAccessKey = rest.join(':');
  if (accessKeyId === '' || secretAccessKey === '')
    throw new KaeferError('feed_secret_malformed', { form: 'ACCESS_KEY_ID:SECRET_ACCESS_KEY' });
  return { accessKeyId, secretAccessKey };
}
