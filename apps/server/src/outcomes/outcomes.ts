import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { KaeferError, type ModelOutcomes } from '@kaefer/contracts';
import { findTable, type OutcomesRequest, type ProjectRecord } from '@kaefer/pipeline';
import type { Context } from '../context.ts';
import { ProjectTables } from '../project-tables.ts';
import { withSqlScratch } from '../sql-scratch.ts';
import { PredictionJournal } from './prediction-journal.ts';

/** How often predictions in memory are written to the journal. */
const writeEveryMs = 1_000;
/** How often the journal is moved to the lake when nobody asks, … */
const keepEveryMs = 3_600_000;
/** … and the size from which it is moved at once. */
const keepFromBytes = 4 << 20;

/** What was predicted, and what became of it. */
export class OutcomeWatch {
  readonly journal: PredictionJournal;
  readonly #context: Context;
  readonly #tables: ProjectTables;
  /** Of each project the answer for a version of its predictions and its data. */
  readonly #answers = new Map<string, { readonly of: string; readonly items: Promise<ModelOutcomes[]> }>();
  readonly #keeping = new Map<string, Promise<void>>();
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(context: Context) {
    this.#context = context;
    this.#tables = new ProjectTables((project) => findTable(context.folder(project).predictions));
    const folder = join(context.config.dataDir, 'journal');
    this.journal = new PredictionJournal(folder, () => context.newId('predictions'), context.now);
  }

  start(): void {
    const regularly = (everyMs: number, work: () => Promise<void>): void => {
      const timer = setInterval(
        () =>
          void work().catch((error: unknown) =>
            this.#context.log.error({ err: error }, 'predictions could not be kept for their outcomes'),
          ),
        everyMs,
      );
      timer.unref();
      this.#timers.push(timer);
    };
    regularly(writeEveryMs, () => this.#write());
    regularly(keepEveryMs, async () => {
      for (const project of this.journal.projects()) await this.#keep(project);
    });
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#write();
    await Promise.allSettled(this.#keeping.values());
  }

  async #write(): Promise<void> {
    for (const project of this.journal.unwritten) {
      this.journal.write(project, await this.#versionsSince(project, this.journal.since(project)));
      if (this.journal.writtenBytes(project) > keepFromBytes) await this.#keep(project);
    }
  }

  /**
   * What version a project's data had at any time from one on: what was merged between a prediction and its writing has come
   * after it, and tells its outcome.
   */
  async #versionsSince(project: string, time: string | undefined): Promise<(time: string) => number> {
    const current = await this.#context.tables.current(project);
    if (current === undefined) return () => 0;
    const { table, snapshot } = current;
    const isOld = time !== undefined && new Date(time) < snapshot.timestamp;
    const earlier = isOld ? (await table.history()).filter(({ version }) => version <= snapshot.version) : [];
    return (asked) =>
      new Date(asked) >= snapshot.timestamp
        ? snapshot.version
        : (earlier.findLast(({ timestamp }) => timestamp <= new Date(asked)) ?? earlier[0] ?? snapshot)
            .version;
  }

  /** Moves a project's journal to the lake; one at a time, as two would take the same file. */
  async #keep(project: string): Promise<void> {
    const kept = (this.#keeping.get(project) ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => this.#keepNow(project));
    this.#keeping.set(project, kept);
    await kept;
  }

  async #keepNow(project: string): Promise<void> {
    const { definition } = await this.#context.project(project);
    const { key } = definition;
    for (const { id, path } of this.journal.seal(project)) {
      if (key !== null)
        await withSqlScratch(this.#context, 'outcomes', (limits) =>
          this.#context.workers.run({
            kind: 'keep-predictions',
            lake: this.#context.lake,
            project,
            limits,
            file: path,
            key,
            id,
          }),
        );
      rmSync(path, { force: true });
    }
  }

  /** The newest model first; empty in a project without a key. */
  async of(project: ProjectRecord): Promise<ModelOutcomes[]> {
    const request = requestOf(project);
    if (request === undefined) return [];
    const { id } = project.definition;
    await this.#write();
    await this.#keep(id);
    const [predictions, data] = await Promise.all([
      this.#tables.current(id),
      this.#context.tables.current(id),
    ]);
    if (predictions === undefined) return [];
    const of = `${predictions.snapshot.version} ${data?.snapshot.version} ${project.classes.join('\n')}`;
    const known = this.#answers.get(id);
    if (known?.of === of) return known.items;
    const items = this.#match(id, request, null);
    this.#answers.set(id, { of, items });
    items.catch(() => this.#answers.delete(id));
    return items;
  }

  /**
   * Writes each record and model with prediction and outcome, as CSV.
   *
   * @throws KaeferError `no_key` in a project without a key
   */
  async write(project: ProjectRecord, output: string): Promise<void> {
    const request = requestOf(project);
    if (request === undefined) throw new KaeferError('no_key');
    await this.#write();
    await this.#keep(project.definition.id);
    await this.#match(project.definition.id, request, output);
  }

  async #match(project: string, request: OutcomesRequest, output: string | null): Promise<ModelOutcomes[]> {
    const { items } = await withSqlScratch(this.#context, 'outcomes', (limits) =>
      this.#context.workers.run({
        kind: 'outcomes',
        lake: this.#context.lake,
        project,
        limits,
        request,
        output,
      }),
    );
    return [...items];
  }
}

function requestOf({ definition, classes }: ProjectRecord): OutcomesRequest | undefined {
  const { task, target, key } = definition;
  return key === null ? undefined : { task, target, key, classes };
}
