import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { testFolder } from './workspace.ts';

/**
 * What a disk may hold after the power failed. A file's content is there once the file was synced, and a name once its folder was;
 * of what was not synced the disk may have anything: here, in turn, none of the names, or every name with nothing in it.
 */
export interface PowerCut {
  /** The call before which, or after which, the power failed. */
  readonly at: string;
  /** A folder with what is left of the watched one. */
  readonly folder: string;
}

type Entry = { readonly inode: number } | 'folder';

/** Writes down, at every call that changes a folder on the disk or syncs it, what would be left of it if the power failed there. */
export class PowerCuts {
  readonly #folder: string;
  readonly #kept: string;
  /** Contents that reached the disk, by inode. */
  readonly #contents = new Map<number, Buffer>();
  /** Names that reached the disk, by folder. */
  readonly #names = new Map<string, ReadonlyMap<string, Entry>>();
  readonly #cuts: PowerCut[] = [];

  /** What is in the folder by now is taken to be on the disk. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#kept = testFolder();
    for (const path of foldersIn(folder)) this.#syncFolder(path);
    for (const path of filesIn(folder)) this.#syncFile(path);
  }

  /** Does something, and returns what would have been left at each of its steps, and after it in the end. */
  async during(action: () => Promise<unknown>): Promise<{ during: PowerCut[]; after: PowerCut[] }> {
    const { link, mkdir, open, rename, unlink } = promises;
    const around =
      <A extends unknown[], R>(name: string, call: (...parameters: A) => Promise<R>) =>
      async (...parameters: A): Promise<R> => {
        const at = `${name} ${parameters.filter((parameter) => typeof parameter === 'string').join(' ')}`;
        this.#cut(`before ${at}`);
        const result = await call(...parameters);
        this.#cut(`after ${at}`);
        return result;
      };
    const watchedOpen: typeof open = async (path, ...rest) => {
      const handle = await open(path, ...rest);
      const sync = handle.sync.bind(handle);
      handle.sync = async () => {
        this.#cut(`before sync ${String(path)}`);
        await sync();
        if (statSync(String(path)).isDirectory()) this.#syncFolder(String(path));
        else this.#syncFile(String(path));
        this.#cut(`after sync ${String(path)}`);
      };
      return handle;
    };
    Object.assign(promises, {
      link: around('link', link),
      mkdir: around('mkdir', mkdir),
      rename: around('rename', rename),
      unlink: around('unlink', unlink),
      open: watchedOpen,
    });
    syncBuiltinESMExports();
    const restore = (): void => {
      Object.assign(promises, { link, mkdir, open, rename, unlink });
      syncBuiltinESMExports();
    };
    onTestFinished(restore);
    try {
      await action();
    } finally {
      restore();
    }
    const during = this.#cuts.splice(0);
    this.#cut('after everything');
    return { during, after: this.#cuts.splice(0) };
  }

  #syncFile(path: string): void {
    this.#contents.set(statSync(path).ino, readFileSync(path));
  }

  #syncFolder(path: string): void {
    const entries = readdirSync(path, { withFileTypes: true }).map(({ name }): [string, Entry] => {
      const info = statSync(join(path, name));
      return [name, info.isDirectory() ? 'folder' : { inode: info.ino }];
    });
    this.#names.set(path, new Map(entries));
  }

  #cut(at: string): void {
    const least = mkdtempSync(join(this.#kept, 'gone-'));
    this.#writeLeast(this.#folder, least);
    this.#cuts.push({ at: `${at}, what was not synced is gone`, folder: least });
    const names = mkdtempSync(join(this.#kept, 'empty-'));
    for (const path of filesIn(this.#folder)) {
      const target = join(names, path.slice(this.#folder.length + 1));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, this.#contents.get(statSync(path).ino) ?? '');
    }
    this.#cuts.push({ at: `${at}, what was not synced is empty`, folder: names });
  }

  #writeLeast(folder: string, target: string): void {
    for (const [name, entry] of this.#names.get(folder) ?? []) {
      const path = join(target, name);
      if (entry === 'folder') {
        mkdirSync(path);
        this.#writeLeast(join(folder, name), path);
      } else writeFileSync(path, this.#contents.get(entry.inode) ?? '');
    }
  }
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function foldersIn(folder: string): string[] {
  const inside = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  return [folder, ...inside];
}
