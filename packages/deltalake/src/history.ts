import type { CommitInfo } from './actions.ts';
import { readCheckpoint } from './checkpoint.ts';
import { statedRowCount } from './file-statistics.ts';
import { listLog, readCommit } from './log-reader.ts';
import type { Commit } from './log-reader.ts';
import type { ObjectStore } from './object-store.ts';
import { TableState } from './table-state.ts';

export interface HistoryEntry {
  version: number;
  timestamp: Date;
  /** For example CREATE TABLE, WRITE, MERGE, RESTORE; UNKNOWN where the writer did not say. */
  operation: string;
  parameters: Record<string, unknown>;
  metrics: Record<string, unknown>;
  /** What the writer said with the commit; `{text}` when another tool's text is no JSON object. */
  userMetadata?: Record<string, unknown>;
  /** Rows of the whole table at this version; undefined when files of others carry no statistics. */
  rows: number | undefined;
  txns: { appId: string; version: number }[];
}

/** Keeps the history of one table and reads only what was committed since it was last asked. */
export class History {
  readonly #store: ObjectStore;
  readonly #entries: HistoryEntry[] = [];
  readonly #state = new TableState();
  #started: Promise<void> | undefined;

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  /** All versions whose commit file is still there, oldest first. */
  async entries(): Promise<HistoryEntry[]> {
    await (this.#started ??= this.#start());
    for (let commit = await this.#next(); commit; commit = await this.#next()) this.#take(commit);
    return [...this.#entries];
  }

  /** The version that recorded a transaction, or undefined when its commit file is gone. */
  async versionOfTransaction(appId: string, version: number): Promise<number | undefined> {
    const found = (await this.entries()).find(({ txns }) =>
      txns.some((txn) => txn.appId === appId && txn.version >= version),
    );
    return found?.version;
  }

  /** A log that was cleaned up begins with a checkpoint, from which rows are counted on. */
  async #start(): Promise<void> {
    const { commits, checkpoints } = await listLog(this.#store);
    const [checkpoint] = checkpoints;
    if (commits[0] === 0 || !checkpoint) return;
    // Its own commit, if it is still there, changes nothing in it and belongs to the history.
    const reached = commits.includes(checkpoint.version) ? checkpoint.version - 1 : checkpoint.version;
    this.#state.apply(reached, await readCheckpoint(this.#store, checkpoint.paths), 0);
  }

  async #next(): Promise<Commit | undefined> {
    return readCommit(this.#store, this.#state.version + 1);
  }

  #take({ version, actions, modifiedMs }: Commit): void {
    if (version !== this.#state.version + 1) return; // Another call was faster.
    this.#state.apply(version, actions, modifiedMs);
    const info = actions.find(({ commitInfo }) => commitInfo)?.commitInfo ?? {};
    const userMetadata = parseUserMetadata(info);
    this.#entries.push({
      version,
      timestamp: new Date(this.#state.timestampMs),
      operation: info.operation ?? 'UNKNOWN',
      parameters: info.operationParameters ?? {},
      metrics: info.operationMetrics ?? {},
      ...(userMetadata && { userMetadata }),
      rows: countRows(this.#state),
      txns: actions.flatMap(({ txn }) => (txn ? [{ appId: txn.appId, version: txn.version }] : [])),
    });
  }
}

function countRows(state: TableState): number | undefined {
  let rows = 0;
  for (const file of state.files.values()) {
    const stated = statedRowCount(file);
    if (stated === undefined) return undefined;
    rows += stated;
  }
  return rows;
}

function parseUserMetadata({ userMetadata }: CommitInfo): Record<string, unknown> | undefined {
  if (userMetadata === undefined || userMetadata === null) return undefined;
  try {
    const value: unknown = JSON.parse(userMetadata);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Another tool's free text.
  }
  return { text: userMetadata };
}
