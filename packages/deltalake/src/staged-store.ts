import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { DeltaError } from './delta-error.ts';
import { checkPath } from './object-store.ts';
import type { NeededColumns, ObjectStore, StoredObject } from './object-store.ts';
import { Footers, PartialFile } from './partial-file.ts';
import type { PartsPlan } from './partial-file.ts';
import { StagingFolder } from './staging-folder.ts';
import type { UseFile } from './staging-folder.ts';

const transfersAtOnce = 4;

export interface StagingOptions {
  /** Where the folder for the files is made. Default the system's. */
  temporaryFolder?: string | undefined;
  /** Most bytes of fetched files that are kept for DuckDB. Default half of what is free when the first is fetched. */
  maxStagedBytes?: number | undefined;
}

/**
 * A store that is no folder. DuckDB reads and writes files of a temporary folder; `fetch`, `fetchColumns` and `flush` copy
 * them, or what is needed of them, from and to the store. They stay there, so that each byte is fetched once, until
 * `dispose` or until others need their space; what a killed process leaves is removed by the next one.
 */
export abstract class StagedStore implements ObjectStore {
  abstract readonly address: string;
  readonly #staging: StagingFolder;
  readonly #footers = new Footers();
  readonly #partial = new Map<string, PartialFile>();
  /** The last transfer of each local file: one at a time writes it. */
  readonly #transfers = new Map<string, Promise<unknown>>();

  constructor({ temporaryFolder = tmpdir(), maxStagedBytes }: StagingOptions = {}) {
    if (maxStagedBytes !== undefined && !(maxStagedBytes > 0))
      throw new DeltaError('invalid_argument', `maxStagedBytes must be above 0, not ${maxStagedBytes}.`);
    this.#staging = new StagingFolder(temporaryFolder, maxStagedBytes);
  }

  abstract read(path: string): Promise<{ data: Buffer; modifiedMs: number } | undefined>;
  abstract putIfAbsent(path: string, data: Uint8Array): Promise<boolean>;
  abstract put(path: string, data: Uint8Array): Promise<void>;
  abstract list(prefix: string): Promise<StoredObject[]>;
  abstract size(path: string): Promise<number | undefined>;
  /** Removes the object itself. */
  protected abstract remove(path: string): Promise<void>;
  /** Copies the object to a file; false when there is no such object. */
  protected abstract download(path: string, file: string): Promise<boolean>;
  /** So many bytes of the object from a place on; undefined when there is no such object. */
  protected abstract readRange(path: string, from: number, length: number): Promise<Buffer | undefined>;
  /** Creates or replaces the object from a file, durably. */
  protected abstract upload(path: string, file: string): Promise<void>;

  uri(path: string): string {
    return this.#staging.fileOf(checkPath(path));
  }

  async names(prefix: string): Promise<string[]> {
    return (await this.list(prefix)).map(({ path }) => path);
  }

  async prepare(): Promise<void> {
    // The folder for DuckDB's files is made when the first address is asked for.
  }

  async fetch(paths: readonly string[]): Promise<void> {
    await this.#staging.using(async (use) => {
      await inTurns([...new Set(paths)], (path) => this.#whole(path, use));
    });
  }

  async fetchColumns(wanted: readonly NeededColumns[]): Promise<string[]> {
    return this.#staging.using(async (use) => {
      const files = wanted.map(({ path }) => this.uri(path));
      await inTurns([...wanted.entries()], async ([index, { path, sizeBytes, ...needs }]) => {
        const plan = this.#staging.has(this.uri(path))
          ? undefined
          : await this.#footers.plan(path, sizeBytes, needs, this.#reader(path));
        if (plan) files[index] = await this.#parts(path, sizeBytes, plan, use);
        else await this.#whole(path, use);
      });
      return files;
    });
  }

  async flush(paths: readonly string[]): Promise<void> {
    await inTurns(paths, async (path) => {
      await this.upload(path, this.uri(path));
      this.#staging.keep(this.uri(path), (await stat(this.uri(path))).size);
    });
  }

  async delete(path: string): Promise<void> {
    this.#staging.remove(this.uri(path));
    await this.remove(path);
  }

  /** Removes the temporary files. The store can go on to be used. */
  async dispose(): Promise<void> {
    this.#partial.clear();
    await this.#staging.dispose();
  }

  async #parts(path: string, sizeBytes: number, plan: PartsPlan, use: UseFile): Promise<string> {
    const file = `${this.uri(path)}${plan.name}`;
    await this.#alone(file, async () => {
      let partial = this.#staging.has(file) ? this.#partial.get(file) : undefined;
      if (!partial) this.#partial.set(file, (partial = new PartialFile(file, sizeBytes)));
      try {
        await use(file, partial.lackingBytes(plan));
      } catch (error) {
        // What earlier queries needed of the same file goes, too, unless one of them is just being prepared.
        if (!this.#staging.removeUnlessShared(file)) throw error;
        this.#partial.set(file, (partial = new PartialFile(file, sizeBytes)));
        await use(file, partial.lackingBytes(plan));
      }
      await mkdir(dirname(file), { recursive: true });
      this.#staging.keep(file, await partial.fill(plan, this.#reader(path)), true);
    });
    return file;
  }

  /** A file appears under its name once it is whole. */
  async #whole(path: string, use: UseFile): Promise<void> {
    const file = this.uri(path);
    await this.#alone(file, async () => {
      if (this.#staging.has(file)) {
        await use(file, 0);
        return;
      }
      const sizeBytes = await this.size(path);
      if (sizeBytes === undefined) throw this.#missing(path);
      await use(file, sizeBytes);
      await mkdir(dirname(file), { recursive: true });
      const part = `${file}.${randomUUID()}.part`;
      try {
        if (!(await this.download(path, part))) throw this.#missing(path);
        await rename(part, file);
        this.#staging.keep(file, sizeBytes);
      } finally {
        await rm(part, { force: true });
      }
    });
  }

  async #alone(file: string, transfer: () => Promise<void>): Promise<void> {
    const before = this.#transfers.get(file) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(transfer);
    this.#transfers.set(file, mine);
    try {
      await mine;
    } finally {
      if (this.#transfers.get(file) === mine) this.#transfers.delete(file);
    }
  }

  readonly #reader =
    (path: string) =>
    async (from: number, length: number): Promise<Buffer> => {
      const data = await this.readRange(path, from, length);
      if (data === undefined) throw this.#missing(path);
      if (data.length !== length)
        throw new DeltaError(
          'data_file_missing',
          `The file ${path} in ${this.address} is shorter than the log says: it is another one.`,
        );
      return data;
    };

  #missing(path: string): DeltaError {
    return new DeltaError(
      'data_file_missing',
      `The file ${path} is not in ${this.address}: it was deleted (vacuumed).`,
    );
  }
}

async function inTurns<T>(items: readonly T[], transfer: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const work = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await transfer(item);
  };
  await Promise.all(Array.from({ length: transfersAtOnce }, work));
}
