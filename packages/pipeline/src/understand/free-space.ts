import { statfsSync } from 'node:fs';
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

function freeBytesOf(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** The space that may be taken on the disk of a folder. */
export class FreeSpace {
  readonly #left: () => number;
  #bytes = 0;
  #untilAsked = 0;

  /**
   * @param folder that exists
   * @param freeBytes how the disk is asked. Default: the system
   */
  constructor(folder: string, minFreeBytes: number, freeBytes: (folder: string) => number = freeBytesOf) {
    this.#left = () => freeBytes(folder) - minFreeBytes;
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
