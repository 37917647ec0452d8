import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TrainingSettings, type Costs, type Mode, type Task } from '@kaefer/contracts';
import { checkFile } from '../src/check/check-file.ts';
import type { CheckReport, Expectations } from '../src/check/report.ts';
import type { ComparisonRequest } from '../src/evaluate/compare-models.ts';
import { evaluateRun } from '../src/evaluate/evaluate-run.ts';
import type { StoredComparison } from '../src/evaluate/stored-comparison.ts';
import type { Split } from '../src/features/split.ts';
import { formatCell } from '../src/lake/format-cell.ts';
import { ProjectFolder, type UploadFolder } from '../src/lake/layout.ts';
import { readCard, type ModelCard } from '../src/lake/model-card.ts';
import { findCurrentTable } from '../src/lake/project-table.ts';
import { mergeUpload, type MergeResult } from '../src/merge/merge-upload.ts';
import { prepareRun, type PreparationRequest, type Prepared } from '../src/prepare/index.ts';
import { trainModel } from '../src/train/train-model.ts';
import { earlierFormats } from '../src/understand/proven-formats.ts';
import { fileLimits, randomStream, withFreshConnection } from './workspace.ts';

export type Row = Readonly<Record<string, string | number | boolean | null>>;

export function csvOf(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const line = (cells: readonly string[]): string => `${cells.map((cell) => formatCell(cell)).join(',')}\n`;
  return line(names) + rows.map((row) => line(names.map((name) => String(row[name] ?? '')))).join('');
}

export const quickSettings = TrainingSettings.parse({
  rounds: 12,
  incrementalRounds: 5,
  replay: 0,
  maxDepth: 3,
  learningRate: 0.3,
  earlyStoppingRounds: 0,
});

/** A project that runs its stages in this process: what the server does through its worker processes. */
export class TestProject {
  readonly folder: ProjectFolder;
  readonly expectations: Expectations;
  readonly target: string;
  readonly split: Split;
  readonly scratch: string;
  settings: TrainingSettings = quickSettings;
  costs: Costs | null = null;
  classes: readonly string[] = [];
  /** See PreparationRequest. */
  pooledFrom: number | undefined;
  readonly #merged: UploadFolder[] = [];
  #runs = 0;

  constructor(path: string, expectations: Partial<Expectations> & { task: Task; target: string }) {
    this.folder = new ProjectFolder(path, 'p');
    this.target = expectations.target;
    this.expectations = {
      positive: null,
      classes: [],
      key: null,
      date: null,
      exclude: [],
      ...expectations,
    };
    this.split = { salt: 'salt of the tests', holdoutShare: 0.2, validationShare: 0.2 };
    this.scratch = join(path, 'scratch');
  }

  /** Puts a file where the receive stage leaves it, and checks it. */
  async check(id: string, content: string | Uint8Array): Promise<CheckReport> {
    const upload = this.folder.upload(id);
    mkdirSync(upload.path, { recursive: true });
    writeFileSync(upload.file, content);
    const current = await findCurrentTable(this.folder.table);
    return withFreshConnection((connection) =>
      checkFile(
        connection,
        upload,
        { ...this.expectations, classes: this.classes, earlier: earlierFormats(this.#merged) },
        current,
        fileLimits,
        {
          profile: this.folder.profile,
        },
      ),
    );
  }

  async merge(id: string): Promise<MergeResult> {
    return withFreshConnection((connection) =>
      mergeUpload(
        connection,
        this.folder.upload(id),
        { id, filename: `${id}.csv` },
        { table: this.folder.table, key: this.expectations.key, split: this.split },
        'tester',
      ),
    );
  }

  /** Checks and merges a file that must be valid. */
  async add(id: string, rows: readonly Row[] | string): Promise<MergeResult & { report: CheckReport }> {
    const report = await this.check(id, typeof rows === 'string' ? rows : csvOf(rows));
    if (report.status !== 'valid') throw new Error(JSON.stringify(report.problems));
    this.classes = report.classes;
    const result = await this.merge(id);
    this.#merged.push(this.folder.upload(id));
    return { ...result, report };
  }

  preparation(mode: Mode, parent: ModelCard | null, datasetVersion: number): PreparationRequest {
    const { task, key, date, exclude } = this.expectations;
    const target = this.target;
    const { classes, split } = this;
    const { replay } = this.settings;
    const pooled = this.pooledFrom === undefined ? {} : { pooledFrom: this.pooledFrom };
    const asked = { task, target, classes, key, date, exclude, split, mode, datasetVersion, parent, replay };
    return { ...asked, ...pooled };
  }

  async prepare(mode: Mode, parent: ModelCard | null, scratch = this.newScratch()): Promise<Prepared> {
    const version = (await findCurrentTable(this.folder.table))?.snapshot.version ?? 0;
    return withFreshConnection((connection) =>
      prepareRun(connection, this.folder, this.preparation(mode, parent, version), scratch),
    );
  }

  /** Prepares and trains the next model. */
  async train(version: number, mode: Mode = 'full', parent: number | null = null): Promise<ModelCard> {
    const parentCard = parent === null ? null : this.card(parent);
    const prepared = await this.prepare(mode, parentCard);
    const { task, key, positive } = this.expectations;
    const target = this.target;
    return trainModel(
      this.folder,
      prepared,
      {
        project: 'p',
        run: `run-${version}`,
        version,
        task,
        mode,
        parent: mode === 'full' ? null : parent,
        target,
        positive: positive ?? this.classes[1] ?? null,
        key,
        costs: this.costs,
        settings: this.settings,
        split: this.split,
        createdAt: '2026-01-01T00:00:00.000Z',
        program: 'test',
      },
      () => undefined,
    );
  }

  async evaluate(
    candidate: number,
    current: number | null,
    newUploads: readonly string[],
    asked: Pick<ComparisonRequest, 'choosing' | 'costs'> = {},
  ): Promise<StoredComparison> {
    const { datasetVersion } = this.card(candidate);
    const request = {
      run: `run-${candidate}`,
      project: 'p',
      candidate,
      current,
      datasetVersion,
      newUploads,
      ...asked,
    };
    return withFreshConnection((connection) => evaluateRun(connection, this.folder, request));
  }

  card(version: number): ModelCard {
    const card = readCard(this.folder.model(version));
    if (card === undefined) throw new Error(`there is no model ${version}`);
    return card;
  }

  newScratch(): string {
    return join(this.scratch, String(++this.#runs));
  }
}

/** Rows of a small world: the outcome depends on `x`, on `shop` and, with a shift, on `active`; a few cells are missing. */
export function simulateRows(count: number, first: number, seed = 1, shift = 0): Row[] {
  const random = randomStream(seed);
  const shops = ['north', 'south', 'Ost "é"', 'west, inner'];
  return Array.from({ length: count }, (_, index) => {
    const x = Math.round(random() * 1000) / 100;
    const shop = shops[Math.floor(random() * shops.length)] ?? '';
    const active = random() < 0.5;
    const day = Math.floor(random() * 28) + 1;
    const risk = 1 / (1 + Math.exp(-(x - 6 + (shop === 'north' ? 2 : 0) + (active ? shift : -shift))));
    return {
      id: `k${first + index}`,
      x: random() < 0.05 ? null : x,
      shop: random() < 0.05 ? null : shop,
      active,
      built: `2025-0${1 + Math.floor(random() * 9)}-${String(day).padStart(2, '0')}`,
      failed: random() < risk ? 'yes' : 'no',
    };
  });
}
