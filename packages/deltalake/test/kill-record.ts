import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, expect } from 'vitest';
import { parseActions } from '../src/actions.ts';
import { storePathsOf } from '../src/file-location.ts';
import { stagedFilePrefix } from '../src/folder-store.ts';
import type { DeltaTable } from '../src/index.ts';
import { logFolder } from '../src/log-path.ts';

const runner = fileURLToPath(new URL('./runner.mjs', import.meta.url));

export const start = (...args: string[]) =>
  spawn(process.execPath, [runner, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });

/** `KAFER_KILLS=1000` makes the long form, which leaves what it counted in kills.json. */
export const kills = Number(process.env['KAFER_KILLS'] ?? 25);
const seed = Number(process.env['KAFER_KILLS_SEED'] ?? Date.now() % 2 ** 31);
/** After a line of the writer, milliseconds: several upserts of the runner take as long. */
const longestDelayMs = 160;

/** What was found after all kills of one kind of writer. */
export interface KillCounts {
  kills: number;
  /** The table was as before the change that was cut short. */
  foundBefore: number;
  /** The change was there, though the writer had not said so yet. */
  foundAfter: number;
  /** Files that no version ever named, all of which `vacuum` deleted. */
  orphansVacuumed: number;
  /** Changes that the writer had reported, and rows, that were not there. */
  lost: number;
  doubled: number;
  /** Rows with a value of neither before nor after. */
  wrong: number;
  /** Times that the table could not be opened or read. */
  unreadable: number;
}

/** mulberry32: the instants of a run can be drawn again from its seed. */
function randomStream(from: number): () => number {
  let state = from >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const records = new Map<string, KillCounts>();

/** Announces the seed, and writes the record of a long form once its tests are over. */
export function keepRecord(): void {
  console.log(`Writers are killed at instants drawn with KAFER_KILLS_SEED=${seed}.`);
  afterAll(() => {
    if (process.env['KAFER_KILLS'] === undefined || records.size === 0) return;
    const record = {
      date: new Date().toISOString().slice(0, 10),
      seed,
      writers: Object.fromEntries(records),
    };
    const path = fileURLToPath(new URL('./kills.json', import.meta.url));
    writeFileSync(path, `${JSON.stringify(record, null, 2)}\n`);
  });
}

/** Kills writers of one kind, again and again, and counts. */
export class Killer {
  readonly counts: KillCounts = {
    kills: 0,
    foundBefore: 0,
    foundAfter: 0,
    orphansVacuumed: 0,
    lost: 0,
    doubled: 0,
    wrong: 0,
    unreadable: 0,
  };
  readonly #random: () => number;
  /** Changes that were in the log after the last kill. */
  #changes = 0;

  constructor(name: string) {
    this.#random = randomStream(seed + records.size);
    records.set(name, this.counts);
  }

  /**
   * Starts a writer, waits for a line of it, and kills it a drawn time later.
   *
   * @returns how many changes are in the log, as far as writers have said
   */
  async kill(args: readonly string[], line: string): Promise<number> {
    const child = start(...args);
    const closed = once(child, 'close');
    let text = '';
    for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
      text += String(chunk);
      if (text.split('\n').includes(line)) break;
    }
    expect(text.split('\n')).toContain(line);
    child.stdout.on('data', (chunk) => (text += String(chunk)));
    // The delay is what is tested, not a wait for a state.
    await new Promise((resolve) => setTimeout(resolve, this.#random() * longestDelayMs));
    child.kill('SIGKILL');
    await closed;
    this.counts.kills++;
    const reported = [...text.matchAll(/^committed (\d+)$/gm)].map(([, changes]) => Number(changes));
    return Math.max(this.#changes, ...reported);
  }

  /** Takes down what is in the table after a kill. */
  found(reported: number, changes: number, rows: { missing: number; doubled: number; wrong: number }): void {
    if (changes === reported) this.counts.foundBefore++;
    else if (changes === reported + 1) this.counts.foundAfter++;
    this.counts.lost += Math.max(0, reported - changes) + Math.max(0, rows.missing);
    this.counts.doubled += rows.doubled;
    this.counts.wrong += rows.wrong + Math.max(0, changes - reported - 1);
    this.#changes = changes;
    this.expectNoDamage();
  }

  /** Reads the table after a kill; that it cannot be read is counted, and thrown. */
  async reading<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      // What was read and is not as expected has been counted already.
      if (!(error instanceof Error && error.name === 'AssertionError')) this.counts.unreadable++;
      throw error;
    }
  }

  expectNoDamage(): void {
    expect(this.counts).toMatchObject({ lost: 0, doubled: 0, wrong: 0, unreadable: 0 });
  }

  /** Vacuums what the killed writers left, and counts it. */
  async vacuum(table: DeltaTable): Promise<void> {
    const named = await namedPaths(table);
    const files = async (): Promise<string[]> =>
      (await table.store.list(''))
        .map(({ path }) => path)
        .filter((path) => !path.startsWith(logFolder) || path.includes(stagedFilePrefix));
    const orphans = (await files()).filter((path) => !named.has(path));
    await table.vacuum({ retentionMs: 0 });
    const left = new Set(await files());
    expect(orphans.filter((path) => left.has(path))).toEqual([]);
    this.counts.orphansVacuumed += orphans.length;
    expect(this.counts.foundBefore + this.counts.foundAfter).toBe(this.counts.kills);
  }
}

/** The files that some commit of the log names. */
async function namedPaths({ store }: DeltaTable): Promise<Set<string>> {
  const named = new Set<string>();
  for (const { path } of await store.list(logFolder)) {
    const object = path.endsWith('.json') ? await store.read(path) : undefined;
    if (object === undefined) continue;
    for (const { add } of parseActions(object.data, path))
      for (const file of add ? storePathsOf(add, store.address) : []) named.add(file);
  }
  return named;
}
