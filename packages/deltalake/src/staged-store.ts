import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DeltaError } from './delta-error.ts';
import { checkPath } from './object-store.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';

const transfersAtOnce = 4;

/**
 * A store that is no folder. DuckDB reads and writes files of a temporary folder; `fetch` and `flush` copy
 * them from and to the store. They stay there, so that each is fetched once, until `dispose`.
 */
export abstract class StagedStore implements ObjectStore {
  abstract readonly address: string;
  readonly #temporaryFolder: string;
  #folder: string | undefined;

  /** @param temporaryFolder where the folder for the files is made. Default the system's. */
  constructor(temporaryFolder: string = tmpdir()) {
    this.#temporaryFolder = temporaryFolder;
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
  /** Creates or replaces the object from a file, durably. */
  protected abstract upload(path: string, file: string): Promise<void>;

  uri(path: string): string {
    this.#folder ??= mkdtempSync(join(this.#temporaryFolder, 'delta-staged-'));
    return join(this.#folder, checkPath(path));
  }

  async names(prefix: string): Promise<string[]> {
    return (await this.list(prefix)).map(({ path }) => path);
  }

  async prepare(): Promise<void> {
    // The folder for DuckDB's files is made when the first address is asked for.
  }

  async fetch(paths: readonly string[]): Promise<void> {
    await inTurns(paths, (path) => this.#fetchOne(path));
  }

  async flush(paths: readonly string[]): Promise<void> {
    await inTurns(paths, (path) => this.upload(path, this.uri(path)));
  }

  async delete(path: string): Promise<void> {
    await rm(this.uri(path), { force: true });
    await this.remove(path);
  }

  /** Removes the temporary files. The store can go on to be used. */
  async dispose(): Promise<void> {
    const folder = this.#folder;
    this.#folder = undefined;
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }

  /** A file appears under its name once it is whole. */
  async #fetchOne(path: string): Promise<void> {
    const file = this.uri(path);
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await mkdir(dirname(file), { recursive: true });
    const part = `${file}.${randomUUID()}.part`;
    try {
      if (!(await this.download(path, part)))
        throw new DeltaError(
          'data_file_missing',
          `The file ${path} is not in ${this.address}: it was deleted (vacuumed).`,
        );
      await rename(part, file);
    } finally {
      await rm(part, { force: true });
    }
  }
}

async function inTurns(paths: readonly string[], transfer: (path: string) => Promise<void>): Promise<void> {
  const waiting = [...paths];
  const work = async (): Promise<void> => {
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) await transfer(path);
  };
  await Promise.all(Array.from({ length: transfersAtOnce }, work));
}
