import { setTimeout as wait } from 'node:timers/promises';
import { KaeferError, toStoredError, type Feed } from '@kaefer/contracts';
import { allProjects, findProject } from '@kaefer/pipeline';
import type { Context } from '../context.ts';
import { looksOf, recordLook, type RecordedLook } from './feed-log.ts';
import { dueAt } from './feed-schedule.ts';
import { fetchFeed, type FetchResult } from './fetch-feed.ts';
import { RetryWaits } from './retry-waits.ts';

/** Between two looks at which feeds are due. */
const tickMs = 1000;
/** More wait for their turn, so that a person's own files are checked soon. */
const mostAtOnce = 2;
/** A connection that fails in passing is tried again after these waits, before it counts as a failure. */
const shortWaitsMs = [1000, 4000];
/** What may be over in a moment. */
const passing = new Set(['feed_unreachable', 'feed_timeout', 'feed_broken_off']);

interface Fetching {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/** Fetches the files of all projects' feeds when they are due or asked for; each feed once at a time. */
export class FeedRunner {
  readonly #context: Context;
  readonly #waits = new RetryWaits();
  readonly #fetching = new Map<string, Fetching>();
  /** Asked for while as many as may were being fetched. */
  readonly #asked = new Map<
    string,
    { readonly project: string; readonly name: string; readonly by: string }
  >();
  #timer: NodeJS.Timeout | undefined;
  #ticking: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(context: Context) {
    this.#context = context;
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#ticking = this.#tick()
        .catch((error: unknown) => this.#context.log.error({ err: error }, 'feeds could not be looked at'))
        .finally(() => {
          if (!this.#isStopped) this.start();
        });
    }, tickMs);
  }

  /** Breaks off what is being fetched; nothing of it stays. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#ticking;
    for (const { stop } of this.#fetching.values()) stop.abort();
    await Promise.all([...this.#fetching.values()].map(({ ended }) => ended));
  }

  isFetching(project: string, name: string): boolean {
    const key = keyOf(project, name);
    return this.#fetching.has(key) || this.#asked.has(key);
  }

  /** Fetches as soon as may be; nothing more happens when the feed is being fetched already. */
  ask(project: string, name: string, by: string): void {
    const key = keyOf(project, name);
    if (this.#fetching.has(key)) return;
    this.#waits.forgetAll(`${project} ${name} `);
    this.#asked.set(key, { project, name, by });
    this.#startAsked();
  }

  /** Breaks off the fetching of a feed that is removed or changed. */
  async breakOff(project: string, name: string): Promise<void> {
    const key = keyOf(project, name);
    this.#asked.delete(key);
    const fetching = this.#fetching.get(key);
    fetching?.stop.abort();
    await fetching?.ended;
  }

  async #tick(): Promise<void> {
    this.#startAsked();
    for (const { definition, status } of await allProjects(this.#context.db)) {
      if (status !== 'ready') continue;
      for (const feed of definition.feeds) {
        if (this.#isStopped || this.#fetching.size >= mostAtOnce) return;
        if (this.isFetching(definition.id, feed.name)) continue;
        const due = await this.dueAt(definition.id, feed);
        if (due !== undefined && due <= Date.now()) this.#start(definition.id, feed.name, null);
      }
    }
  }

  /** When a feed is due, in milliseconds since 1970; undefined when only a person fetches. */
  async dueAt(project: string, feed: Feed): Promise<number | undefined> {
    if (feed.schedule.kind === 'asked') return undefined;
    const looks = await looksOf(this.#context.db, project, feed.name);
    return dueAt(feed.schedule, Date.parse(feed.since), {
      ...lastLooks(looks.filter(({ at }) => at >= feed.since)),
    });
  }

  #startAsked(): void {
    for (const [key, { project, name, by }] of this.#asked) {
      if (this.#isStopped || this.#fetching.size >= mostAtOnce) return;
      this.#asked.delete(key);
      this.#start(project, name, by);
    }
  }

  #start(project: string, name: string, by: string | null): void {
    const key = keyOf(project, name);
    const stop = new AbortController();
    const ended = this.#fetch(project, name, by, stop.signal)
      .catch((error: unknown) =>
        this.#context.log.error({ err: error, project, feed: name }, 'a feed could not be fetched'),
      )
      .finally(() => {
        this.#fetching.delete(key);
        this.#startAsked();
      });
    this.#fetching.set(key, { stop, ended });
  }

  async #fetch(id: string, name: string, askedBy: string | null, signal: AbortSignal): Promise<void> {
    const { db, log, now } = this.#context;
    let result: FetchResult;
    try {
      result = await this.#fetchPatiently(id, name, signal);
    } catch (error) {
      // A stop is no failure: it is fetched again at the next start, and what is removed is nobody's concern.
      if (signal.aborted) return;
      if (!(error instanceof KaeferError))
        log.error({ err: error, project: id, feed: name }, 'a feed failed');
      result = { taken: [], known: 0, failures: [{ file: null, error: toStoredError(error) }] };
    }
    await recordLook(db, id, name, { at: now(), askedBy, ...result });
  }

  async #fetchPatiently(id: string, name: string, signal: AbortSignal): Promise<FetchResult> {
    for (let attempt = 0; ; attempt++)
      try {
        // Read anew: what a person changed meanwhile counts.
        const project = await findProject(this.#context.db, id);
        const feed = project?.definition.feeds.find((each) => each.name === name);
        if (project === undefined || feed === undefined)
          throw new KaeferError('feed_not_found', { feed: name });
        return await fetchFeed(this.#context, project, feed, this.#waits, signal);
      } catch (error) {
        const waitMs = shortWaitsMs[attempt];
        const isPassing = error instanceof KaeferError && passing.has(error.code);
        if (!isPassing || waitMs === undefined || signal.aborted) throw error;
        await wait(waitMs, undefined, { signal });
      }
  }
}

const keyOf = (project: string, name: string): string => `${project} ${name}`;

function lastLooks(looks: readonly RecordedLook[]): { atMs: number | undefined; failures: number } {
  const [last] = looks;
  const firstGood = looks.findIndex(({ failures }) => !failures.some(({ file }) => file === null));
  return {
    atMs: last === undefined ? undefined : Date.parse(last.at),
    failures: (firstGood === -1 ? looks : looks.slice(0, firstGood)).reduce(
      (sum, { repeated }) => sum + repeated,
      0,
    ),
  };
}
