import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scanSql } from '@kaefer/deltalake';
import type { Source } from '@kaefer/contracts';
import type { CheckReport } from '../../src/check/report.ts';
import type { Split } from '../../src/features/split.ts';
import { ProjectFolder } from '../../src/lake/layout.ts';
import { findCurrentTable } from '../../src/lake/project-table.ts';
import type { DerivedRows, RecipeRequest } from '../../src/recipe/derive-rows.ts';
import type { SourceUpload } from '../../src/recipe/source-views.ts';
import type { Expectations } from '../../src/state/expectations.ts';
import type { JobResults } from '../../src/worker/job.ts';
import { performJob } from '../../src/worker/perform-job.ts';
import { csvOf, type Row } from '../project.ts';
import { fileLimits, limitsIn, withFreshConnection } from '../workspace.ts';

const expectations: Expectations = {
  task: 'binary',
  target: 'failed',
  positive: 'true',
  classes: [],
  key: 'knr',
  date: null,
  exclude: [],
};

/** A project with sources, whose jobs are done in this process. */
export class RecipeProject {
  readonly folder: ProjectFolder;
  readonly split: Split = { salt: 's', holdoutShare: 0.2, validationShare: 0.2 };
  recipe: string | null;
  classes: readonly string[] = [];
  readonly #path: string;
  readonly #sources: readonly Source[];

  constructor(path: string, sources: readonly Source[], recipe: string | null) {
    this.#path = path;
    this.#sources = sources;
    this.recipe = recipe;
    this.folder = new ProjectFolder(join(path, 'lake'), 'p');
  }

  get #base() {
    return { lake: join(this.#path, 'lake'), project: 'p', limits: limitsIn(this.#path) };
  }

  async check(
    id: string,
    content: readonly Row[] | string,
    source: string | null = null,
  ): Promise<CheckReport> {
    const upload = this.folder.upload(id);
    mkdirSync(upload.path, { recursive: true });
    writeFileSync(upload.file, typeof content === 'string' ? content : csvOf(content));
    const job = {
      kind: 'check',
      ...this.#base,
      upload: id,
      expectations,
      sources: this.#sources,
      source,
    } as const;
    return (await performJob({ ...job, fileLimits }, () => undefined)) as CheckReport;
  }

  /** Checks a report that must be valid. */
  async send(id: string, content: readonly Row[] | string): Promise<SourceUpload> {
    const report = await this.check(id, content);
    if (report.status !== 'valid' || report.source === undefined)
      throw new Error(JSON.stringify(report.problems));
    return { id, source: report.source };
  }

  request(uploads: readonly SourceUpload[]): RecipeRequest {
    const { recipe, classes } = this;
    return { recipe, sources: this.#sources, uploads, expectations: { ...expectations, classes } };
  }

  async try(uploads: readonly SourceUpload[] = []): Promise<DerivedRows> {
    const scratch = join(this.#path, 'trial');
    const recipe = this.request(uploads);
    return (await performJob(
      { kind: 'try-recipe', ...this.#base, recipe, scratch },
      () => undefined,
    )) as DerivedRows;
  }

  async merge(run: string, uploads: readonly SourceUpload[]): Promise<JobResults['merge-sources']> {
    const result = (await performJob(
      {
        kind: 'merge-sources',
        ...this.#base,
        run,
        recipe: this.request(uploads),
        filenames: {},
        waiting: [],
        answeredLeaks: ['minutes', 'brakes', 'stations'],
        split: this.split,
        by: 'tester',
        scratch: join(this.#path, run),
      },
      () => undefined,
    )) as JobResults['merge-sources'];
    if (result.merged !== null) this.classes = result.derived.classes;
    return result;
  }

  /** The rows of the training table, or of a source, by their first column, without what Käfer adds. */
  async rows(source?: string): Promise<Record<string, unknown>[]> {
    const place = source === undefined ? this.folder.table : this.folder.source(source).table;
    const current = await findCurrentTable(place);
    if (current === undefined) return [];
    return withFreshConnection(async (connection) => {
      const reader = await connection.runAndReadAll(
        `SELECT COLUMNS(c -> NOT starts_with(c, '_')) FROM ${scanSql(current.table, current.snapshot)} ORDER BY ALL`,
      );
      return reader.getRowObjectsJson();
    });
  }
}
