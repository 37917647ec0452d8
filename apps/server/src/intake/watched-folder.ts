import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { allProjects, type ProjectRecord } from '@kaefer/pipeline';
import type { Context } from '../context.ts';
import { receiveUpload } from '../uploads.ts';

/** Where files lie that were taken, beside those that were not. */
const takenName = '.taken';
/** A file that could not be taken is tried again after so long, each time twice as long, … */
const firstWaitMs = 60_000;
/** … up to so long. */
const longestWaitMs = 3_600_000;

interface DroppedFile {
  readonly project: ProjectRecord;
  /** The report that its folder stands for; null for the project's own folder. */
  readonly source: string | null;
  readonly path: string;
}

/**
 * Takes the files that other programs put into a folder: `<root>/<project>/` and, of a project that takes several reports,
 * `<root>/<project>/<report>/`. A file is taken once it has not changed between two looks, through the same door as one that a person
 * sends, and moved into `.taken`. It waits for a person like any other.
 *
 * A stop between taking and moving leaves a file that is there already, by its bytes and name: it is only moved then.
 */
export class WatchedFolder {
  readonly #context: Context;
  readonly #root: string;
  readonly #everyMs: number;
  /** Of each file what it looked like at the last look. */
  #seen = new Map<string, string>();
  readonly #failed = new Map<string, { readonly until: number; readonly waitMs: number }>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(context: Context, root: string, everyMs: number) {
    this.#context = context;
    this.#root = root;
    this.#everyMs = everyMs;
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#looking = this.#look()
        .catch((error: unknown) =>
          this.#context.log.error({ err: error, folder: this.#root }, 'the watched folder could not be read'),
        )
        .finally(() => {
          if (!this.#isStopped) this.start();
        });
    }, this.#everyMs);
  }

  /** Ends once a file that is being taken has been. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    const seen = new Map<string, string>();
    for (const file of await this.#files()) {
      if (this.#isStopped) return;
      const { size, mtimeMs } = statSync(file.path, { throwIfNoEntry: false }) ?? { size: 0, mtimeMs: 0 };
      if (size === 0) continue;
      const look = `${size} ${mtimeMs}`;
      seen.set(file.path, look);
      const isStill = this.#seen.get(file.path) === look;
      if (isStill && (this.#failed.get(file.path)?.until ?? 0) <= Date.now()) await this.#take(file);
    }
    this.#seen = seen;
  }

  async #files(): Promise<DroppedFile[]> {
    const files: DroppedFile[] = [];
    for (const project of await allProjects(this.#context.db)) {
      const { id, sources } = project.definition;
      const folder = join(this.#root, id);
      // It is there before the first file, so that whoever sets this up sees where files go.
      mkdirSync(folder, { recursive: true });
      const places = [
        { folder, source: null },
        ...sources.map(({ name }) => ({ folder: join(folder, name), source: name })),
      ];
      for (const { folder: place, source } of places) {
        if (!existsSync(place)) continue;
        for (const entry of readdirSync(place, { withFileTypes: true }))
          // A link could lead anywhere; a name with a dot or `.part` is being written.
          if (entry.isFile() && !/^\.|\.(part|tmp)$/.test(entry.name))
            files.push({ project, source, path: join(place, entry.name) });
      }
    }
    return files;
  }

  async #take({ project, source, path }: DroppedFile): Promise<void> {
    const filename = basename(path);
    try {
      const id =
        (await this.#uploadOf(project, filename, path)) ??
        (await receiveUpload(this.#context, project, createReadStream(path), filename, source)).id;
      const taken = join(path, '..', takenName);
      mkdirSync(taken, { recursive: true });
      renameSync(path, join(taken, `${id}-${filename}`));
      this.#failed.delete(path);
    } catch (error) {
      const waitMs = Math.min(longestWaitMs, (this.#failed.get(path)?.waitMs ?? firstWaitMs / 2) * 2);
      this.#failed.set(path, { until: Date.now() + waitMs, waitMs });
      this.#context.log.warn({ err: error, file: path }, 'a file of the watched folder could not be taken');
    }
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
