import { readFile, writeFile } from 'node:fs/promises';
import { checkPath } from './object-store.ts';
import type { StoredObject } from './object-store.ts';
import { StagedStore } from './staged-store.ts';
import type { StagingOptions } from './staged-store.ts';

interface StoredBytes {
  data: Buffer;
  modifiedMs: number;
}

/** Objects in this process, for tests: nothing survives it. */
export class MemoryStore extends StagedStore {
  readonly address = 'memory';
  readonly #objects: Map<string, StoredBytes>;

  /** @param shared another store whose objects this one shares, as two machines share a bucket */
  constructor(shared?: MemoryStore, options?: StagingOptions) {
    super(options);
    this.#objects = shared ? shared.#objects : new Map<string, StoredBytes>();
  }

  async read(path: string): Promise<{ data: Buffer; modifiedMs: number } | undefined> {
    const object = this.#objects.get(checkPath(path));
    return object && { ...object, data: Buffer.from(object.data) };
  }

  async putIfAbsent(path: string, data: Uint8Array): Promise<boolean> {
    if (this.#objects.has(checkPath(path))) return false;
    await this.put(path, data);
    return true;
  }

  async put(path: string, data: Uint8Array): Promise<void> {
    this.#objects.set(checkPath(path), { data: Buffer.from(data), modifiedMs: Date.now() });
  }

  async list(prefix: string): Promise<StoredObject[]> {
    return [...this.#objects]
      .filter(([path]) => path.startsWith(prefix))
      .map(([path, { data, modifiedMs }]) => ({ path, sizeBytes: data.length, modifiedMs }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  async size(path: string): Promise<number | undefined> {
    return this.#objects.get(checkPath(path))?.data.length;
  }

  protected async remove(path: string): Promise<void> {
    this.#objects.delete(path);
  }

  protected async download(path: string, file: string): Promise<boolean> {
    const object = this.#objects.get(path);
    if (object) await writeFile(file, object.data);
    return object !== undefined;
  }

  protected async readRange(path: string, from: number, length: number): Promise<Buffer | undefined> {
    const data = this.#objects.get(path)?.data;
    return data && Buffer.from(data.subarray(from, from + length));
  }

  protected async upload(path: string, file: string): Promise<void> {
    await this.put(path, await readFile(file));
  }
}
