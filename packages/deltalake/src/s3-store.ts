import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { CompletedPart, S3Client } from '@aws-sdk/client-s3';
import { DeltaError } from './delta-error.ts';
import { checkPath } from './object-store.ts';
import type { StoredObject } from './object-store.ts';
import { StagedStore } from './staged-store.ts';
import type { StagingOptions } from './staged-store.ts';

/** Attempts at a download that breaks off, and at a conditional write that another one is in the way of. */
const maxAttempts = 5;
/** S3 takes no smaller part but the last, and no more parts. */
const smallestPartBytes = 5 * 1024 * 1024;
const mostParts = 10_000;

export interface S3StoreOptions extends StagingOptions {
  /** Says the region, endpoint and credentials, and retries single requests; it stays the caller's to destroy. */
  client: S3Client;
  bucket: string;
  /** The table's place in the bucket, for example `lake/vehicles`. Default the bucket's root. */
  prefix?: string;
  /** Larger files are sent in parts of this size. Bytes, at least 5 MiB. Default 16 MiB. */
  partBytes?: number;
}

/**
 * Objects in a bucket of Amazon S3, or of a server that speaks its protocol with conditional writes
 * (`If-None-Match: *`); one that ignores them is refused with `unsupported_feature` before the first commit.
 * `putIfAbsent` takes an object of the very same bytes for its own: every commit has an id of its own.
 */
export class S3Store extends StagedStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #partBytes: number;
  #conditionsHold: Promise<void> | undefined;

  constructor({ client, bucket, prefix = '', partBytes = 16 * 1024 * 1024, ...staging }: S3StoreOptions) {
    super(staging);
    if (!(partBytes >= smallestPartBytes))
      throw new DeltaError('invalid_argument', `partBytes must be 5 MiB or more, not ${partBytes}.`);
    this.#client = client;
    this.#bucket = bucket;
    this.#prefix = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
    this.#partBytes = partBytes;
  }

  get address(): string {
    return `s3://${this.#bucket}/${this.#prefix}`;
  }

  async read(path: string): Promise<{ data: Buffer; modifiedMs: number } | undefined> {
    const object = this.#object(path);
    return unlessMissing(() =>
      retried(async () => {
        const { Body, LastModified } = await this.#client.send(new GetObjectCommand(object));
        const data = Buffer.from((await Body?.transformToByteArray()) ?? []);
        return { data, modifiedMs: LastModified?.getTime() ?? 0 };
      }, isBrokenOff),
    );
  }

  async putIfAbsent(path: string, data: Uint8Array): Promise<boolean> {
    const object = this.#object(path);
    this.#conditionsHold ??= this.#checkConditions();
    await this.#conditionsHold.catch((error: unknown) => {
      this.#conditionsHold = undefined;
      throw error;
    });
    return this.#create(object, data);
  }

  async put(path: string, data: Uint8Array): Promise<void> {
    await this.#client.send(new PutObjectCommand({ ...this.#object(path), Body: data }));
  }

  async list(prefix: string): Promise<StoredObject[]> {
    const objects: StoredObject[] = [];
    const within = { Bucket: this.#bucket, Prefix: this.#prefix + checkPath(prefix) };
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.#client }, within))
      for (const { Key = '', Size = 0, LastModified } of Contents)
        objects.push({
          path: Key.slice(this.#prefix.length),
          sizeBytes: Size,
          modifiedMs: LastModified?.getTime() ?? 0,
        });
    return objects.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  async size(path: string): Promise<number | undefined> {
    const head = new HeadObjectCommand(this.#object(path));
    return (await unlessMissing(() => this.#client.send(head)))?.ContentLength;
  }

  protected async remove(path: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand(this.#object(path)));
  }

  protected async download(path: string, file: string): Promise<boolean> {
    const object = this.#object(path);
    const done = await unlessMissing(() =>
      retried(async () => {
        const { Body } = await this.#client.send(new GetObjectCommand(object));
        await pipeline(Body instanceof Readable ? Body : Readable.from([]), createWriteStream(file));
        return true;
      }, isBrokenOff),
    );
    return done ?? false;
  }

  protected async readRange(path: string, from: number, length: number): Promise<Buffer | undefined> {
    const range = { ...this.#object(path), Range: `bytes=${from}-${from + length - 1}` };
    return unlessMissing(() =>
      retried(async () => {
        const { Body } = await this.#client.send(new GetObjectCommand(range));
        return Buffer.from((await Body?.transformToByteArray()) ?? []);
      }, isBrokenOff),
    );
  }

  protected async upload(path: string, file: string): Promise<void> {
    const { size } = await stat(file);
    const handle = await open(file);
    try {
      if (size <= this.#partBytes) await this.put(path, await readPart(handle, 0, size));
      else await this.#uploadParts(path, handle, size);
    } finally {
      await handle.close();
    }
  }

  async #uploadParts(path: string, handle: FileHandle, size: number): Promise<void> {
    const object = this.#object(path);
    const { UploadId } = await this.#client.send(new CreateMultipartUploadCommand(object));
    const upload = { ...object, UploadId };
    const partBytes = Math.max(this.#partBytes, Math.ceil(size / mostParts));
    try {
      const Parts: CompletedPart[] = [];
      for (let from = 0; from < size; from += partBytes) {
        const PartNumber = Parts.length + 1;
        const Body = await readPart(handle, from, Math.min(partBytes, size - from));
        const { ETag } = await this.#client.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
        Parts.push({ PartNumber, ETag });
      }
      const complete = { ...upload, MultipartUpload: { Parts } };
      await this.#client.send(new CompleteMultipartUploadCommand(complete));
    } catch (error) {
      // Parts that stay cost money, but nothing else: a rule of the bucket can remove them.
      await this.#client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
      throw error;
    }
  }

  async #create(object: { Bucket: string; Key: string }, data: Uint8Array): Promise<boolean> {
    const command = new PutObjectCommand({ ...object, Body: data, IfNoneMatch: '*' });
    try {
      await retried(() => this.#client.send(command), isStatus(409));
      return true;
    } catch (error) {
      if (!isStatus(412)(error)) throw error;
    }
    // A first attempt may have arrived though its answer was lost: then the object is ours.
    const there = await this.read(object.Key.slice(this.#prefix.length));
    return there?.data.equals(data) ?? false;
  }

  /** A server that ignores conditions would let one commit replace another. */
  async #checkConditions(): Promise<void> {
    const probe = this.#object(`_delta_log/_probe-${randomUUID()}.tmp`);
    const created = await this.#create(probe, Buffer.from('first'));
    const createdTwice = await this.#create(probe, Buffer.from('second'));
    await this.#client.send(new DeleteObjectCommand(probe));
    if (!created || createdTwice)
      throw new DeltaError(
        'unsupported_feature',
        `The server of ${this.address} ignores conditional writes (If-None-Match), without which two writers could replace each other's commits.`,
      );
  }

  #object(path: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: this.#prefix + checkPath(path) };
  }
}

const statusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
const isStatus =
  (status: number) =>
  (error: unknown): boolean =>
    statusOf(error) === status;
/** The client has retried what the server answered; a body that breaks off comes after the answer. */
const isBrokenOff = (error: unknown): boolean => statusOf(error) === undefined;

async function unlessMissing<T>(action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    // A missing bucket is an error; a HEAD has no body to tell it from a missing object.
    if (isStatus(404)(error) && !(error instanceof Error && error.name === 'NoSuchBucket')) return undefined;
    throw error;
  }
}

async function retried<T>(action: () => Promise<T>, mayTryAgain: (error: unknown) => boolean): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      if (attempt === maxAttempts || !mayTryAgain(error)) throw error;
    }
  }
}

async function readPart(handle: FileHandle, from: number, length: number): Promise<Buffer> {
  const part = Buffer.alloc(length);
  for (let filled = 0; filled < length;) {
    const { bytesRead } = await handle.read(part, filled, length - filled, from + filled);
    if (bytesRead === 0) throw new Error(`The file ended at ${from + filled} bytes while it was sent.`);
    filled += bytesRead;
  }
  return part;
}
