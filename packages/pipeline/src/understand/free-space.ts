import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { KaeferError } from '@kaefer/contracts/messages';

/** What a file may take. */
export interface FileLimits {
  /** What it may hold unpacked, in bytes: small files can hold more than a disk. */
  readonly unpackedBytes: number;
  /** What unpacking it must leave free on the disk, in bytes. */
  readonly minFreeBytes: number;
}

/** After so many bytes the disk is asked anew: others write to it as well. */
const askedEveryBytes = 8 << 20;

function freeBytesBeside(path: string): number {
  const { bavail, bsize } = statfsSync(dirname(path));
  return bavail * bsize;
}

/** The space on the disk that one file may take while it is written. */
export class FreeSpace {
  readonly #left: () => number;
  #bytes = 0;
  #untilAsked = 0;

  /**
   * @param path of the file; its folder exists
   * @param freeBytes how the disk is asked. Default: the system
   */
  constructor(path: string, minFreeBytes: number, freeBytes: (path: string) => number = freeBytesBeside) {
    this.#left = () => freeBytes(path) - minFreeBytes;
    this.#bytes = this.#left();
  }

  /** @throws KaeferError `disk_full` when so many bytes would leave too little, whenever they are written */
  require(bytes: number): void {
    if (bytes > this.#bytes) throw new KaeferError('disk_full');
  }

  /** To be called before so many bytes are written. @throws KaeferError `disk_full` when they would leave too little */
  take(bytes: number): void {
    this.#untilAsked -= bytes;
    if (this.#untilAsked < 0) {
      this.#bytes = this.#left();
      this.#untilAsked = askedEveryBytes;
    }
    this.require(bytes);
    this.#bytes -= bytes;
  }
}
