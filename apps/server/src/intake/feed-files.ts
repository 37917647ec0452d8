import type { Readable } from 'node:stream';

/** A file that a place has now. */
export interface OfferedFile {
  /** Tells it from the place's other files: its address, key or path. */
  readonly file: string;
  /** Differs when the content does; two equal ones have the same content. */
  readonly version: string;
  /** What an upload of it is called. */
  readonly filename: string;
  readonly bytes: number;
}

/**
 * A place that holds any number of files.
 *
 * - `list` shows every whole file, the oldest first, and none that is hidden or being written.
 * - `open` streams the content that has the version listed, and fails when the file has another by now.
 * - Both end when the signal says so, and change nothing there.
 */
export interface FilePlace {
  /** @throws KaeferError saying why the place cannot be read */
  list(signal: AbortSignal): Promise<OfferedFile[]>;
  /** @throws KaeferError saying why the file cannot be read */
  open(file: OfferedFile, signal: AbortSignal): Promise<Readable>;
}

/** Files that are hidden or being written. */
export const isPassing = (name: string): boolean => /^\.|\.(part|tmp|crdownload|filepart)$/i.test(name);
