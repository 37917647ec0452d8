import { createReadStream } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { KaeferError } from '@kaefer/contracts';
import { isPassing, type FilePlace, type OfferedFile } from './feed-files.ts';

/** A file that changed so short ago may be being written. Longer than clocks of network drives differ, mostly. */
const stillMs = 5000;

/**
 * @param folders below which the operator of the server lets files be read
 * @returns the folder without links
 * @throws KaeferError `feed_folder_not_allowed`, `feed_folder_unreadable`
 */
export async function requireFolder(folder: string, folders: readonly string[]): Promise<string> {
  const isWithin = (path: string, root: string): boolean =>
    path === root || path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`);
  // By its name first: whether other folders exist is nobody's business.
  if (!folders.some((root) => isWithin(folder, root)))
    throw new KaeferError('feed_folder_not_allowed', { folder });
  const real = await realpath(folder).catch(unreadable(folder));
  for (const root of folders) if (isWithin(real, await realpath(root).catch(() => root))) return real;
  throw new KaeferError('feed_folder_not_allowed', { folder });
}

/** The files of a folder, not of those within it; they are read and stay as they are. */
export class FolderPlace implements FilePlace {
  readonly #folder: string;
  readonly #folders: readonly string[];
  readonly #stillMs: number;

  constructor(folder: string, folders: readonly string[], options: { readonly stillMs?: number } = {}) {
    this.#folder = folder;
    this.#folders = folders;
    this.#stillMs = options.stillMs ?? stillMs;
  }

  async list(): Promise<OfferedFile[]> {
    const folder = await requireFolder(this.#folder, this.#folders);
    const entries = await readdir(folder, { withFileTypes: true }).catch(unreadable(this.#folder));
    const found: (OfferedFile & { readonly modifiedMs: number })[] = [];
    for (const entry of entries) {
      // A link could lead anywhere.
      if (!entry.isFile() || isPassing(entry.name)) continue;
      const file = join(folder, entry.name);
      const state = await stat(file).catch(() => undefined);
      if (state === undefined || state.size === 0 || Date.now() - state.mtimeMs < this.#stillMs) continue;
      const { size: bytes, mtimeMs: modifiedMs } = state;
      found.push({ file, version: `${bytes} ${modifiedMs}`, filename: entry.name, bytes, modifiedMs });
    }
    return found
      .sort((a, b) => a.modifiedMs - b.modifiedMs || (a.file < b.file ? -1 : 1))
      .map(({ file, version, filename, bytes }) => ({ file, version, filename, bytes }));
  }

  async open({ file, version }: OfferedFile, signal: AbortSignal): Promise<Readable> {
    await requireFolder(join(file, '..'), [await realpath(this.#folder).catch(unreadable(this.#folder))]);
    const handle = await open(file).catch(unreadable(file));
    const { size, mtimeMs } = await handle.stat();
    if (`${size} ${mtimeMs}` !== version) {
      await handle.close();
      throw new KaeferError('feed_file_changed', { file: basename(file) });
    }
    return createReadStream(file, { fd: handle, signal });
  }
}

function unreadable(folder: string): (cause: unknown) => never {
  return (cause) => {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new KaeferError('feed_folder_unreadable', { folder, reason }, { cause });
  };
}
