import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { toStoredError, watchedFolderName } from '@kaefer/contracts';
import { allProjects, type ProjectRecord } from '@kaefer/pipeline';
import type { Context } from '../context.ts';
import { requireSpace } from '../disk-space.ts';
import { receiveUpload } from '../uploads.ts';
import { isPassing } from './feed-files.ts';
import { looksOf, recordLook, type FeedFailure } from './feed-log.ts';
import { RetryWaits } from './retry-waits.ts';

/** Where files lie that were taken, beside those that were not. */
const takenName = '.taken';

interface DroppedFile {
  readonly project: ProjectRecord;
  /** The report that its folder stands for; null for the project's own folder. */
  readonly source: string | null;
  readonly path: string;
}

/**
 * Takes the files that other programs put into a folder: `<root>/<project>/` and, of a project that takes several reports,
 * `<root>/<project>/<report>/`. A file is taken once it has not changed between two looks, through the same door as one that a person
 * sends, and moved into `.taken`. It waits for a person like any other. What was taken and what could not be is recorded.
 *
 * A stop between taking and moving leaves a file that is there already, by its bytes and name: it is only moved then.
 */
export class WatchedFolder {
  readonly #context: Context;
  readonly #root: string;
  readonly #everyMs: number;
  /** Of each file what it looked like at the last look. */
  #seen = new Map<string, string>();
  readonly #waits = new RetryWaits();
  /** Of each project the failures that were recorded last, as JSON. */
  readonly #recorded = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  readonly #stop = new AbortController();

  constructor(context: Context, root: string, everyMs: number) {
    this.#context = context;
    this.#root = root;
    this.#everyMs = everyMs;
  }

  /** Where files for a project go. */
  folderOf(project: string): string {
    return join(this.#root, project);
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#looking = this.#look()
        .catch((error: unknown) =>
          this.#context.log.error({ err: error, folder: this.#root }, 'the watched folder could not be read'),
        )
        .finally(() => {
          if (!this.#stop.signal.aborted) this.start();
        });
    }, this.#everyMs);
  }

  /** Breaks off a file that is being taken; it is taken at the next start. */
  async stop(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    const seen = new Map<string, string>();
    for (const project of await allProjects(this.#context.db)) {
      if (this.#stop.signal.aborted) return;
      const taken: string[] = [];
      const failures: FeedFailure[] = [];
      try {
        for (const file of this.#files(project)) await this.#lookAt(file, seen, taken, failures);
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        failures.push({ file: null, error: toStoredError(error) });
      }
      await this.#record(project.definition.id, taken, failures);
    }
    this.#seen = seen;
  }

  async #lookAt(
    file: DroppedFile,
    seen: Map<string, string>,
    taken: string[],
    failures: FeedFailure[],
  ): Promise<void> {
    this.#stop.signal.throwIfAborted();
    const { size, mtimeMs } = statSync(file.path, { throwIfNoEntry: false }) ?? { size: 0, mtimeMs: 0 };
    if (size === 0) return;
    const look = `${size} ${mtimeMs}`;
    seen.set(file.path, look);
    if (this.#seen.get(file.path) !== look) return;
    const wait = `${file.path} ${look}`;
    const waiting = this.#waits.errorOf(wait);
    if (waiting !== undefined) {
      failures.push({ file: file.path, error: waiting });
      return;
    }
    try {
      taken.push(await this.#take(file));
      this.#waits.forget(wait);
    } catch (error) {
      this.#stop.signal.throwIfAborted();
      failures.push({ file: file.path, error: this.#waits.remember(wait, toStoredError(error)) });
      this.#context.log.warn(
        { err: error, file: file.path },
        'a file of the watched folder could not be taken',
      );
    }
  }

  #files(project: ProjectRecord): DroppedFile[] {
    const { id, sources } = project.definition;
    const folder = this.folderOf(id);
    // It is there before the first file, so that whoever sets this up sees where files go.
    mkdirSync(folder, { recursive: true });
    const places = [
      { folder, source: null },
      ...sources.map(({ name }) => ({ folder: join(folder, name), source: name })),
    ];
    return places
      .filter((place) => existsSync(place.folder))
      .flatMap((place) =>
        readdirSync(place.folder, { withFileTypes: true })
          // A link could lead anywhere.
          .filter((entry) => entry.isFile() && !isPassing(entry.name))
          .map(({ name }) => ({ project, source: place.source, path: join(place.folder, name) })),
      );
  }

  /** @returns the upload's id */
  async #take(file: DroppedFile): Promise<string> {
    const { project, path } = file;
    const filename = basename(path);
    const { size } = statSync(path);
    const id = (await this.#uploadOf(project, filename, path)) ?? (await this.#receive(file, size)).id;
    const taken = join(path, '..', takenName);
    mkdirSync(taken, { recursive: true });
    renameSync(path, join(taken, `${id}-${filename}`));
    return id;
  }

  #receive({ project, source, path }: DroppedFile, size: number): ReturnType<typeof receiveUpload> {
    requireSpace(this.#context, size);
    return receiveUpload(this.#context, project, createReadStream(path), {
      filename: basename(path),
      source,
      origin: { feed: watchedFolderName, file: path, version: String(size) },
      expectedBytes: size,
      signal: this.#stop.signal,
    });
  }

  /** What differs from the look before: most looks find nothing. */
  async #record(project: string, taken: readonly string[], failures: readonly FeedFailure[]): Promise<void> {
    const { db, now } = this.#context;
    const before =
      this.#recorded.get(project) ??
      JSON.stringify((await looksOf(db, project, watchedFolderName))[0]?.failures ?? []);
    const text = JSON.stringify(failures);
    this.#recorded.set(project, text);
    if (taken.length === 0 && text === before) return;
    await recordLook(db, project, watchedFolderName, { at: now(), askedBy: null, taken, known: 0, failures });
  }

  /** The upload that a file is already. */
  async #uploadOf(
    { definition }: ProjectRecord,
    filename: string,
    path: string,
  ): Promise<string | undefined> {
    const digest = createHash('sha256');
    await pipeline(createReadStream(path), digest);
    const known = await this.#context.db
      .selectFrom('uploads')
      .select('id')
      .where('project', '=', definition.id)
      .where('filename', '=', filename)
      .where('sha256', '=', digest.digest('hex'))
      .where('status', '!=', 'discarded')
      .executeTakeFirst();
    return known?.id;
  }
}
