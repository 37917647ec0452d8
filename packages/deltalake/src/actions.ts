import type { DeletionVector } from './deletion-vector.ts';
import { DeltaError } from './delta-error.ts';

/** Actions of the log (PROTOCOL.md, "Actions"), as far as this package writes them. */
export interface ProtocolAction {
  minReaderVersion: number;
  minWriterVersion: number;
  readerFeatures?: string[];
  writerFeatures?: string[];
}

export interface MetadataAction {
  id: string;
  name?: string;
  description?: string;
  format: { provider: string; options: Record<string, string> };
  schemaString: string;
  partitionColumns: string[];
  configuration: Record<string, string>;
  /** Milliseconds since 1970-01-01 UTC. */
  createdTime?: number;
}

export interface AddFile {
  /** Relative to the table's root, URL-encoded, exactly as the log has it. */
  path: string;
  partitionValues: Record<string, string | null>;
  /** Bytes. */
  size: number;
  /** Milliseconds since 1970-01-01 UTC. */
  modificationTime: number;
  dataChange: boolean;
  /** Statistics as JSON text: numRecords, minValues, maxValues, nullCount. */
  stats?: string;
  tags?: Record<string, string>;
  /** Others write null, too, where there is none. */
  deletionVector?: DeletionVector | null;
}

export interface RemoveFile {
  path: string;
  /** Milliseconds since 1970-01-01 UTC. */
  deletionTimestamp?: number;
  dataChange: boolean;
  extendedFileMetadata?: boolean;
  partitionValues?: Record<string, string | null>;
  size?: number;
  deletionVector?: DeletionVector | null;
}

export interface TxnAction {
  appId: string;
  version: number;
  /** Milliseconds since 1970-01-01 UTC. */
  lastUpdated?: number;
}

/** Provenance of a commit; every field may be missing in tables that others wrote. */
export interface CommitInfo {
  timestamp?: number;
  operation?: string;
  operationParameters?: Record<string, unknown>;
  operationMetrics?: Record<string, unknown>;
  engineInfo?: string;
  isBlindAppend?: boolean;
  readVersion?: number;
  /** Makes every commit's bytes unique, so that a writer knows its own. */
  txnId?: string;
  userMetadata?: string;
}

/** One line of a commit. Exactly one key is set. */
export interface Action {
  protocol?: ProtocolAction;
  metaData?: MetadataAction;
  add?: AddFile;
  remove?: RemoveFile;
  txn?: TxnAction;
  commitInfo?: CommitInfo;
}

export function serializeActions(actions: readonly Action[]): Buffer {
  return Buffer.from(actions.map((action) => `${JSON.stringify(action)}\n`).join(''), 'utf8');
}

/**
 * The actions of one commit file. Unknown actions are kept out of the way, as the protocol demands of
 * readers; a line that is no JSON object, or a file without any action, is `log_corrupt`.
 *
 * @param path named in the error
 */
export function parseActions(data: Buffer, path: string): Action[] {
  const actions: Action[] = [];
  const lines = data.toString('utf8').split('\n');
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    actions.push(parseLine(line, path, index + 1));
  }
  if (actions.length === 0)
    throw new DeltaError(
      'log_corrupt',
      `The log file ${path} is empty: it was truncated after it was committed. Restore it from a backup.`,
    );
  return actions;
}

function parseLine(line: string, path: string, lineNumber: number): Action {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new DeltaError(
      'log_corrupt',
      `Line ${lineNumber} of the log file ${path} is no complete JSON (${line.length} characters): the file was truncated or changed after it was committed. Restore it from a backup.`,
      { cause: error },
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new DeltaError('log_corrupt', `Line ${lineNumber} of the log file ${path} is no JSON object.`);
  return value;
}
