import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Upload, type Decision } from '@kaefer/contracts';
import { expect, onTestFinished } from 'vitest';
import { z } from 'zod';
import { ApiClient } from './api-client.ts';
import { expectDataset, MirroredTable } from './mirrored-table.ts';
import { csvOf, type Row } from './rows.ts';
import { ServerProcess } from './server-process.ts';
import { token } from './started-server.ts';

/** What was sent to a project, whether or not it was acknowledged. */
export interface Sent {
  readonly sha256: string;
  readonly rows: readonly Row[];
}

export function sentOf(rows: readonly Row[]): Sent {
  return { sha256: createHash('sha256').update(csvOf(rows)).digest('hex'), rows };
}

/** A server that is killed and started again on the same folder, and what it has acknowledged so far. */
export class KilledSite {
  readonly dataDir: string;
  readonly project: string;
  /** By id: uploads whose answer arrived. */
  readonly acknowledged: Map<string, Sent>;
  readonly decisions: Decision[];
  #server: ServerProcess | undefined;

  constructor(dataDir: string, project: string, before?: KilledSite) {
    this.dataDir = dataDir;
    this.project = project;
    this.acknowledged = new Map(before?.acknowledged);
    this.decisions = [...(before?.decisions ?? [])];
  }

  /** Starts the server; it is killed when the test ends with it running. */
  async start(): Promise<ApiClient> {
    const server = await ServerProcess.start(this.dataDir, { KAFER_TOKEN: token });
    this.#server = server;
    onTestFinished(() => (this.#server === server ? server.kill() : undefined));
    return this.api;
  }

  get api(): ApiClient {
    return new ApiClient(this.server.address, token);
  }

  get server(): ServerProcess {
    if (this.#server === undefined) throw new Error('the server does not run');
    return this.#server;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.#server = undefined;
    await server.stop();
  }

  /** Kills the server and waits until it and its child processes are gone: none is left behind. */
  async kill(): Promise<void> {
    const { server } = this;
    this.#server = undefined;
    await server.kill();
  }

  async send(rows: readonly Row[]): Promise<string> {
    const { id } = await this.api.upload(this.project, rows);
    this.acknowledged.set(id, sentOf(rows));
    return id;
  }

  async decide(run: string, choice: 'candidate' | 'current'): Promise<void> {
    this.decisions.push(await this.api.decide(run, choice));
  }

  /** A path in the project's part of the lake. */
  inLake(...parts: readonly string[]): string {
    return join(this.dataDir, 'lake/projects', this.project, ...parts);
  }

  commitFile(version: number): string {
    return this.inLake('table/_delta_log', `${String(version).padStart(20, '0')}.json`);
  }

  /**
   * Holds that nothing acknowledged was lost or doubled. What was sent without an answer may be there or not.
   *
   * @param inDoubt what was being sent when the server died
   */
  async expectNothingLost(inDoubt?: Sent, versions: 'all' | 'newest' = 'all'): Promise<void> {
    const uploads = await this.#expectUploads(inDoubt);
    await this.#expectVersions(uploads, versions);
    await this.#expectDecisions();
  }

  async #expectUploads(inDoubt: Sent | undefined): Promise<Map<string, Upload>> {
    const { items } = await this.api.call(
      z.object({ items: z.array(Upload) }),
      200,
      `/api/v1/projects/${this.project}/uploads`,
    );
    const uploads = new Map(items.map((upload) => [upload.id, upload]));
    expect(uploads.size, 'each upload is listed once').toBe(items.length);
    for (const [id, { sha256, rows }] of this.acknowledged) {
      const upload = uploads.get(id);
      expect(upload, `the acknowledged upload ${id}`).toMatchObject({ sha256, rows: { total: rows.length } });
      const kept = createHash('sha256').update(readFileSync(this.inLake('uploads', id, 'received.csv')));
      expect(kept.digest('hex'), `the bytes of ${id}`).toBe(sha256);
    }
    const unknown = items.filter(({ id }) => !this.acknowledged.has(id));
    expect(unknown.map(({ sha256 }) => sha256)).toEqual(
      unknown.length === 0 || inDoubt === undefined ? [] : [inDoubt.sha256],
    );
    if (unknown[0] !== undefined && inDoubt !== undefined) this.acknowledged.set(unknown[0].id, inDoubt);
    expect(readdirSync(this.inLake('uploads')).sort()).toEqual([...uploads.keys()].sort());
    return uploads;
  }

  async #expectVersions(uploads: ReadonlyMap<string, Upload>, which: 'all' | 'newest'): Promise<void> {
    const { api, project } = this;
    const { history, version } = await api.dataset(project);
    const oldestFirst = [...history].reverse();
    expect(oldestFirst.map((entry) => entry.version)).toEqual(oldestFirst.map((_, index) => index));
    const merged = oldestFirst.flatMap(({ upload }) => (upload === null ? [] : [upload.id]));
    expect(new Set(merged).size, 'no upload was merged twice').toBe(merged.length);
    for (const { id, status } of uploads.values()) if (status === 'merged') expect(merged).toContain(id);
    const table = new MirroredTable('id');
    for (const entry of oldestFirst) {
      if (entry.upload !== null) table.merge(this.acknowledged.get(entry.upload.id)?.rows ?? []);
      expect(entry.rows).toBe(table.size);
      if (which === 'all' || entry.version === version)
        expectDataset(await api.datasetCsv(project, entry.version), table);
    }
  }

  async #expectDecisions(): Promise<void> {
    const last = this.decisions.at(-1);
    if (last !== undefined) expect((await this.api.project(this.project)).champion).toBe(last.champion);
    for (const decision of this.decisions) {
      expect((await this.api.run(decision.run)).decision).toEqual(decision);
      const file = JSON.parse(
        readFileSync(this.inLake('decisions', `${decision.run}.json`), 'utf8'),
      ) as unknown;
      expect(file).toMatchObject({ run: decision.run, choice: decision.choice, champion: decision.champion });
    }
  }

  /** Holds that no half-made file is left; to be asked while nothing is under way. */
  expectNoRemains(): void {
    const names = readdirSync(this.dataDir, { recursive: true }).map(String);
    expect(names.filter((name) => name.includes('.part'))).toEqual([]);
    const runs = join(this.dataDir, 'scratch/runs');
    expect(existsSync(runs) ? readdirSync(runs) : []).toEqual([]);
  }
}

/** Waits until something is true of the folder, looking as often as the machine can. */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (;;) {
    const answer = isTrue();
    if (await answer) return;
    // What asks the server leaves it time for its work; what looks at files must see every moment.
    await new Promise((resolve) =>
      typeof answer === 'boolean' ? setImmediate(resolve) : setTimeout(resolve, 20),
    );
  }
}
