import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';

const floatBytes = 4;

/** A scratch file of float32 rows, one after another, so that a matrix never stands in memory whole. */
export class MatrixWriter {
  readonly columns: number;
  readonly #descriptor: number;
  #rows = 0;

  constructor(path: string, columns: number) {
    this.columns = columns;
    this.#descriptor = openSync(path, 'w');
  }

  get rows(): number {
    return this.#rows;
  }

  /** Appends whole rows; `values` may be used again afterwards. */
  write(values: Float32Array): void {
    writeSync(this.#descriptor, values);
    this.#rows += values.length / this.columns;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** Reads a scratch file in batches, from the start as often as it is asked to. */
export class MatrixReader {
  readonly rows: number;
  readonly columns: number;
  readonly #descriptor: number;
  readonly #batch: Float32Array;
  #next = 0;

  /** @param batchRows most rows of a batch; the batch's memory is used again for the next one */
  constructor(path: string, columns: number, batchRows = 32_768) {
    this.columns = columns;
    this.#descriptor = openSync(path, 'r');
    this.rows = fstatSync(this.#descriptor).size / floatBytes / columns;
    this.#batch = new Float32Array(Math.max(1, Math.min(batchRows, this.rows)) * columns);
  }

  reset(): void {
    this.#next = 0;
  }

  /** The next rows and the place of the first; null at the end. Borrowed until the next call. */
  next(): { data: Float32Array; rows: number; start: number } | null {
    const rows = Math.min(this.#batch.length / this.columns, this.rows - this.#next);
    if (rows <= 0) return null;
    const data = this.#batch.subarray(0, rows * this.columns);
    readFully(this.#descriptor, data, this.#next * this.columns * floatBytes);
    const start = this.#next;
    this.#next += rows;
    return { data, rows, start };
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

function readFully(descriptor: number, into: Float32Array, position: number): void {
  const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
  for (let done = 0; done < bytes.length;) {
    const read = readSync(descriptor, bytes, done, bytes.length - done, position + done);
    if (read === 0) throw new Error('a scratch file ended before its last row');
    done += read;
  }
}

/** Evenly spaced rows of a scratch file, at most `most` of them: row-major, in their order. */
export function readSample(path: string, columns: number, most: number): Float32Array {
  const reader = new MatrixReader(path, columns);
  try {
    const every = Math.max(1, Math.ceil(reader.rows / most));
    const rows = Math.ceil(reader.rows / every);
    const values = new Float32Array(rows * columns);
    for (let batch = reader.next(), next = 0; batch !== null; batch = reader.next()) {
      for (; next < rows && next * every < batch.start + batch.rows; next++) {
        const from = (next * every - batch.start) * columns;
        values.set(batch.data.subarray(from, from + columns), next * columns);
      }
    }
    return values;
  } finally {
    reader.close();
  }
}
