import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { rm, statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DeltaError } from './delta-error.ts';

/** A folder says whose it is: of a process on a machine. Containers that share a folder have names of their own. */
const prefix = `delta-staged-${hostname().replaceAll(/[^A-Za-z0-9.]/g, '.')}-`;
const ownFolder = new RegExp(`^${prefix.replaceAll('.', '\\.')}(\\d+)-[^-]+$`);

interface KeptFile {
  bytes: number;
  /** Larger is later. */
  usedAt: number;
}

/** Says that a file is needed, and how many bytes more it takes. */
export type UseFile = (file: string, bytes: number) => Promise<void>;

/** Local files that stand for objects of a store elsewhere, within a limit of bytes. */
export class StagingFolder {
  readonly #parent: string;
  #maxBytes: number | undefined;
  #folder: string | undefined;
  readonly #kept = new Map<string, KeptFile>();
  /** Files that calls at work need, with how many of them. */
  readonly #pinned = new Map<string, number>();
  /** Bytes that are on their way, by file. */
  readonly #expected = new Map<string, number>();
  #uses = 0;

  constructor(parent: string, maxBytes: number | undefined) {
    this.#parent = parent;
    this.#maxBytes = maxBytes;
  }

  fileOf(path: string): string {
    if (this.#folder === undefined) {
      removeLeftovers(this.#parent);
      this.#folder = mkdtempSync(join(this.#parent, `${prefix}${process.pid}-`));
    }
    return join(this.#folder, path);
  }

  has(file: string): boolean {
    return this.#kept.has(file);
  }

  /** Says that a file, or more of it, is there. */
  keep(file: string, bytes: number, isMore = false): void {
    const before = isMore ? (this.#kept.get(file)?.bytes ?? 0) : 0;
    this.#kept.set(file, { bytes: before + bytes, usedAt: ++this.#uses });
    this.#expected.delete(file);
  }

  /**
   * Does something with files. What it uses stays while it works: `use` makes room for so many more bytes of a file.
   *
   * @throws DeltaError `storage_full` when the files of one call take more than the limit
   */
  async using<T>(work: (use: UseFile) => Promise<T>): Promise<T> {
    const mine: string[] = [];
    try {
      return await work(async (file, bytes) => {
        mine.push(file);
        this.#pinned.set(file, (this.#pinned.get(file) ?? 0) + 1);
        const kept = this.#kept.get(file);
        if (kept) kept.usedAt = ++this.#uses;
        if (bytes === 0) return;
        await this.#makeRoom(bytes);
        this.#expected.set(file, bytes);
      });
    } finally {
      for (const file of mine) {
        this.#expected.delete(file);
        const left = (this.#pinned.get(file) ?? 1) - 1;
        if (left === 0) this.#pinned.delete(file);
        else this.#pinned.set(file, left);
      }
    }
  }

  /** At once, so that nobody makes the file anew meanwhile. */
  remove(file: string): void {
    this.#kept.delete(file);
    rmSync(file, { force: true });
  }

  /** Removes a file that one call alone uses; false where it is not there, or others use it. */
  removeUnlessShared(file: string): boolean {
    if (!this.#kept.has(file) || (this.#pinned.get(file) ?? 0) > 1) return false;
    this.remove(file);
    return true;
  }

  async dispose(): Promise<void> {
    const folder = this.#folder;
    this.#folder = undefined;
    this.#kept.clear();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }

  async #makeRoom(bytes: number): Promise<void> {
    const maxBytes = (this.#maxBytes ??= await halfOfFreeBytes(this.#parent));
    // Without a pause from here on: others make room, too.
    const oldest = [...this.#kept]
      .filter(([file]) => !this.#pinned.has(file))
      .sort(([, a], [, b]) => a.usedAt - b.usedAt);
    const taken = (): number =>
      [...this.#kept.values()].reduce((sum, file) => sum + file.bytes, 0) +
      [...this.#expected.values()].reduce((sum, expected) => sum + expected, 0);
    for (const [file] of oldest) {
      if (taken() + bytes <= maxBytes) return;
      this.remove(file);
    }
    if (taken() + bytes > maxBytes)
      throw new DeltaError(
        'storage_full',
        `A query needs more of the table's files in ${this.#parent} than the ${maxBytes} bytes that may be kept there (maxStagedBytes).`,
      );
  }
}

async function halfOfFreeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return (bavail * bsize) / 2;
}

/** Removes what processes that are no more left behind. */
function removeLeftovers(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = ownFolder.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
