import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, onTestFinished } from 'vitest';
import { safeSettings, type SqlLimits } from '../src/sql/connection.ts';
import type { FileLimits } from '../src/understand/free-space.ts';

/** What a file of these tests may hold unpacked. */
export const fileLimits: FileLimits = { unpackedBytes: 64 << 20, minFreeBytes: 0 };

/** A folder for one test; kept for a look when the test fails. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pipeline-test-'));
  onTestFinished(({ task }) => {
    if (task.result?.state === 'pass') rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A folder for all tests of a file, removed after the last. */
export function fileFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pipeline-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A DuckDB connection as the stages open it, on an instance of its own. */
export async function openConnection(): Promise<{ connection: DuckDBConnection; close: () => void }> {
  const instance = await DuckDBInstance.create(':memory:', {
    ...safeSettings,
    threads: '2',
    memory_limit: '512MiB',
  });
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  return {
    connection,
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** One DuckDB for a test file, closed after its last test. */
export async function testConnection(): Promise<DuckDBConnection> {
  const { connection, close } = await openConnection();
  afterAll(close);
  return connection;
}

/** A connection for one piece of work: a stage leaves temporary tables behind, and a process has only one stage. */
export async function withFreshConnection<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const { connection, close } = await openConnection();
  try {
    return await work(connection);
  } finally {
    close();
  }
}

export function limitsIn(folder: string): SqlLimits {
  return { memoryMib: 512, threads: 2, scratchFolder: join(folder, 'duckdb') };
}

/** All rows of a query as plain JSON values. */
export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  return (await connection.runAndReadAll(sql)).getRowObjectsJson();
}

export function writeFileIn(folder: string, name: string, content: string | Uint8Array): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** The float32 numbers of a scratch file. */
export function readFloats(path: string): Float32Array {
  const bytes = Uint8Array.from(readFileSync(path));
  return new Float32Array(bytes.buffer);
}

/** Repeatable numbers from 0 to 1 (mulberry32). */
export function randomStream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
