import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { checkPath } from './object-store.ts';
import type { NeededColumns, ObjectStore, StoredObject } from './object-store.ts';

/** Names of files that are being written. A crash may leave one; `vacuum` removes it when it is old. */
export const stagedFilePrefix = '_staged-';

const codeOf = (error: unknown): unknown =>
  error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;

/** Runs `action`; undefined when what it looks for is not there. */
async function unlessMissing<T>(action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Objects as files below a folder. The exclusive create is a hard link of a complete, synced file: `link`
 * fails with EEXIST when the name is taken, on every local file system and on NFS. A file system without
 * hard links gives an error, never a silent overwrite.
 */
export class FolderStore implements ObjectStore {
  /** Absolute path of the folder. */
  readonly root: string;

  constructor(folder: string) {
    this.root = resolve(folder);
  }

  uri(path: string): string {
    return join(this.root, checkPath(path));
  }

  get address(): string {
    return this.root;
  }

  async prepare(): Promise<void> {
    await this.#createFolder(this.root);
  }

  async read(path: string): Promise<{ data: Buffer; modifiedMs: number } | undefined> {
    return unlessMissing(async () => {
      const [data, { mtimeMs }] = await Promise.all([readFile(this.uri(path)), stat(this.uri(path))]);
      return { data, modifiedMs: mtimeMs };
    });
  }

  async putIfAbsent(path: string, data: Uint8Array): Promise<boolean> {
    const target = this.uri(path);
    const staged = await this.#stage(target, data);
    try {
      await link(staged, target);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    } finally {
      // A staged file that stays is harmless, an error after a successful link would be taken for a failed one.
      await unlink(staged).catch(() => undefined);
    }
    await syncPath(dirname(target));
    return true;
  }

  async put(path: string, data: Uint8Array): Promise<void> {
    const target = this.uri(path);
    await rename(await this.#stage(target, data), target);
    await syncPath(dirname(target));
  }

  async list(prefix: string): Promise<StoredObject[]> {
    const objects: StoredObject[] = [];
    for (const path of await this.names(prefix)) {
      const info = await unlessMissing(() => stat(this.uri(path)));
      if (info) objects.push({ path, sizeBytes: info.size, modifiedMs: info.mtimeMs });
    }
    return objects;
  }

  async names(prefix: string): Promise<string[]> {
    const folder = this.uri(prefix);
    const entries =
      (await unlessMissing(() => readdir(folder, { recursive: true, withFileTypes: true }))) ?? [];
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(this.root, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .sort();
  }

  async size(path: string): Promise<number | undefined> {
    return (await unlessMissing(() => stat(this.uri(path))))?.size;
  }

  async delete(path: string): Promise<void> {
    await unlessMissing(() => unlink(this.uri(path)));
  }

  async fetch(): Promise<void> {
    // DuckDB reads the files where they are.
  }

  async fetchColumns(wanted: readonly NeededColumns[]): Promise<string[]> {
    return wanted.map(({ path }) => this.uri(path));
  }

  async flush(paths: readonly string[]): Promise<void> {
    const folders = new Set<string>();
    for (const path of paths) {
      await syncPath(this.uri(path));
      folders.add(dirname(this.uri(path)));
    }
    for (const folder of folders) await syncPath(folder);
  }

  /** Writes and syncs a complete file beside its target, under a name that no reader looks at. */
  async #stage(target: string, data: Uint8Array): Promise<string> {
    const staged = join(dirname(target), `${stagedFilePrefix}${randomUUID()}.tmp`);
    const handle = await this.#openNew(staged);
    try {
      await handle.writeFile(data);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return staged;
  }

  async #openNew(path: string): ReturnType<typeof open> {
    try {
      return await open(path, 'wx');
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      await this.#createFolder(dirname(path));
      return open(path, 'wx');
    }
  }

  /** Creates a folder and its parents, and makes the new entries durable. */
  async #createFolder(folder: string): Promise<void> {
    const first = await mkdir(folder, { recursive: true });
    if (first === undefined) return;
    for (let created = folder; created.length >= first.length; created = dirname(created))
      await syncPath(dirname(created));
  }
}
