import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { sealJson, withoutSeal, writeSums } from './seal.ts';

/** Makes a folder's entries (names created, renamed, removed in it) survive a power cut. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** What is in a folder; nothing where there is none. */
export const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** Makes a file's content survive a power cut. */
export function syncFile(path: string): void {
  syncFolder(path);
}

/** Writes a small file so that it is there whole or not at all, whenever the process dies. */
export function writeDurably(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.part`;
  writeFileSync(temporary, content, { flag: 'wx' });
  syncFile(temporary);
  renameSync(temporary, path);
  syncFolder(dirname(path));
}

/** Writes an object as JSON that carries its own SHA-256, see `seal.ts`. */
export function writeJsonDurably(path: string, value: object): void {
  writeDurably(path, sealJson(`${JSON.stringify(value, null, 1)}\n`));
}

/** The JSON of a file that Käfer wrote, or undefined when there is none. */
export function readJson<T>(path: string): T | undefined {
  return existsSync(path) ? withoutSeal(JSON.parse(readFileSync(path, 'utf8')) as T) : undefined;
}

/**
 * Moves a finished folder into place, durably: its files first, with a list of their SHA-256, then its name. When the place is taken, by the
 * same work done before a crash, the finished folder is thrown away.
 */
export function publishFolder(finished: string, place: string): 'published' | 'was_there' {
  writeSums(finished);
  for (const name of readdirSync(finished)) syncFile(join(finished, name));
  syncFolder(finished);
  if (existsSync(place)) {
    rmSync(finished, { recursive: true, force: true });
    return 'was_there';
  }
  renameSync(finished, place);
  syncFolder(dirname(place));
  return 'published';
}
