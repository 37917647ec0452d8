import { closeSync, ftruncateSync } from 'node:fs';
import koffi from 'koffi';
import { XgboostError } from '../errors.ts';

/** From <sys/mman.h> of Linux. */
const [protectionRead, protectionReadWrite] = [1, 3];
const [mapShared, mapPrivateFixedAnonymous, closeOnExec] = [1, 0x32, 1];

interface SystemCalls {
  createMemory(name: string, flags: number): number;
  map(
    at: bigint,
    length: number,
    protection: number,
    flags: number,
    descriptor: number,
    offset: number,
  ): number | bigint;
  unmap(address: bigint, length: number): number;
}

let system: SystemCalls | null | undefined;

/** The C library's own functions; null where there are none of these (memfd_create is Linux's, from glibc 2.27 on). */
function systemCalls(): SystemCalls | null {
  if (system !== undefined) return system;
  system = null;
  if (process.platform !== 'linux') return system;
  try {
    const library = koffi.load(null);
    system = {
      createMemory: library.func('memfd_create', 'int', ['const char *', 'uint']),
      map: library.func('mmap', 'uintptr_t', ['uintptr_t', 'size_t', 'int', 'int', 'int', 'int64_t']),
      unmap: library.func('munmap', 'int', ['uintptr_t', 'size_t']),
    };
  } catch {
    // Another C library: arrays go another way there.
  }
  return system;
}

/** What is mapped for one block. Its addresses are given back when no array points there any more. */
interface Mapping {
  readonly address: bigint;
  readonly byteLength: number;
  descriptor: number | undefined;
}

const forgotten = new FinalizationRegistry<Mapping>((mapping) => {
  systemCalls()?.unmap(mapping.address, mapping.byteLength);
  if (mapping.descriptor !== undefined) closeSync(mapping.descriptor);
});

/** Memory of this process's own blocks, so that an array can be found to lie in one. */
const blocks = new WeakMap<ArrayBufferLike, SharedMemory>();

/**
 * Memory that another process can read without a copy: on Linux an anonymous file in memory (memfd_create) that has no
 * name, and so is gone with the last process that knows it, however that ends. Elsewhere it is ordinary memory, and what
 * uses it copies: {@link isShared} says which.
 */
export class SharedMemory {
  readonly byteLength: number;
  /** Whether another process can read it without a copy. */
  readonly isShared: boolean;
  readonly #mapping: Mapping | undefined;
  #buffer: ArrayBuffer | undefined;
  #next = 0;

  private constructor(byteLength: number) {
    this.byteLength = byteLength;
    this.#mapping = createMapping(byteLength);
    this.isShared = this.#mapping !== undefined;
    this.#buffer = this.#mapping
      ? koffi.view(this.#mapping.address, byteLength)
      : new ArrayBuffer(byteLength);
    if (this.#mapping) forgotten.register(this.#buffer, this.#mapping);
    blocks.set(this.#buffer, this);
  }

  /**
   * @param byteLength at least 1; 4 for each number. Memory is taken as it is written to.
   * @throws XgboostError `XGBOOST_BAD_ARGUMENT`, `XGBOOST_NO_MEMORY`
   */
  static allocate(byteLength: number): SharedMemory {
    if (!Number.isSafeInteger(byteLength) || byteLength < 1) {
      const message = `Shared memory has at least 1 byte, and ${byteLength} were asked for.`;
      throw new XgboostError('XGBOOST_BAD_ARGUMENT', message);
    }
    return new SharedMemory(byteLength);
  }

  /** The next `length` float32 numbers, all 0, to be filled. @throws XgboostError `XGBOOST_BAD_ARGUMENT` when there is no room */
  floats(length: number): Float32Array {
    return new Float32Array(this.#buffer as ArrayBuffer, this.#take(length), length);
  }

  /** The next `length` uint32 numbers, all 0, to be filled. @throws XgboostError `XGBOOST_BAD_ARGUMENT` when there is no room */
  uints(length: number): Uint32Array {
    return new Uint32Array(this.#buffer as ArrayBuffer, this.#take(length), length);
  }

  /**
   * Frees the memory here; a process that reads it keeps it. Arrays in it hold zeros from then on, and a training refuses
   * them. May be called again.
   */
  dispose(): void {
    const mapping = this.#mapping;
    if (this.#buffer === undefined) return;
    this.#buffer = undefined;
    if (mapping?.descriptor === undefined) return;
    // The arrays still point there, and Node has no way to make them point nowhere: empty pages take the place of the
    // memory, which is free with that.
    const { address, byteLength, descriptor } = mapping;
    systemCalls()?.map(address, byteLength, protectionReadWrite, mapPrivateFixedAnonymous, -1, 0);
    mapping.descriptor = undefined;
    closeSync(descriptor);
  }

  #take(length: number): number {
    if (this.#buffer === undefined)
      throw new XgboostError('XGBOOST_DISPOSED', 'This shared memory was used after its dispose().');
    const at = this.#next;
    if (!Number.isSafeInteger(length) || length < 0 || at + length * 4 > this.byteLength) {
      const message = `There is no room for ${length} numbers: ${this.byteLength - at} bytes are left.`;
      throw new XgboostError('XGBOOST_BAD_ARGUMENT', message);
    }
    this.#next += length * 4;
    return at;
  }

  /**
   * The file descriptor of the block that an array lies in, where another process can read it; undefined otherwise.
   * @throws XgboostError `XGBOOST_DISPOSED`
   */
  static descriptorOf(array: Float32Array | Uint32Array): number | undefined {
    const block = blocks.get(array.buffer);
    if (block === undefined) return undefined;
    if (block.#buffer === undefined)
      throw new XgboostError('XGBOOST_DISPOSED', 'An array lies in shared memory that was disposed of.');
    return block.#mapping?.descriptor;
  }
}

function createMapping(byteLength: number): Mapping | undefined {
  const descriptor = systemCalls()?.createMemory('xgboost-arrays', closeOnExec) ?? -1;
  if (descriptor < 0) return undefined;
  try {
    ftruncateSync(descriptor, byteLength);
    return { address: mapped(descriptor, byteLength, protectionReadWrite), byteLength, descriptor };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** Maps a block that another process allocated, to be read. It is unmapped when this process ends. */
export function readShared(descriptor: number, byteLength: number): ArrayBuffer {
  return koffi.view(mapped(descriptor, byteLength, protectionRead), byteLength);
}

function mapped(descriptor: number, byteLength: number, protection: number): bigint {
  const address = systemCalls()?.map(0n, byteLength, protection, mapShared, descriptor, 0) ?? -1;
  // mmap says MAP_FAILED, which is -1.
  if (address !== -1 && BigInt(address) !== 0xffff_ffff_ffff_ffffn) return BigInt(address);
  throw new XgboostError('XGBOOST_NO_MEMORY', `${byteLength} bytes of shared memory could not be had.`);
}
