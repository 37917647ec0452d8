import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeZ85,
  encodeZ85,
  rowsOfVector,
  vectorFile,
  vectorId,
  vectorPath,
} from '../src/deletion-vector.ts';
import { decodeBitmap, encodeBitmap } from '../src/roaring-bitmap.ts';
import { countRows, hasRow, RowBitsBuilder, withoutRows } from '../src/row-bits.ts';
import type { RowBits } from '../src/row-bits.ts';

const bitsOf = (rows: Iterable<number>): RowBits => {
  const builder = new RowBitsBuilder();
  for (const row of rows) builder.add(row);
  return builder.done();
};
const rowsOf = (bits: RowBits): number[] =>
  Array.from({ length: bits.length * 8 }, (_, row) => row).filter((row) => hasRow(bits, row));

/** Lists, runs and dense stretches, so that each kind of container occurs. */
const anyRows = fc
  .array(
    fc.oneof(
      fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 50 }),
      fc
        .tuple(
          fc.integer({ min: 0, max: 300_000 }),
          fc.integer({ min: 1, max: 70_000 }),
          fc.constantFrom(1, 2, 7),
        )
        .map(([from, length, step]) =>
          Array.from({ length: Math.ceil(length / step) }, (_, i) => from + i * step),
        ),
    ),
    { maxLength: 6 },
  )
  .map((parts) => [...new Set(parts.flat())].sort((a, b) => a - b));

describe('row numbers as Roaring bitmaps', () => {
  test('any rows come back from their bytes, and from a file of several sets', () => {
    fc.assert(
      fc.property(fc.array(anyRows, { maxLength: 4 }), (sets) => {
        const { data, vectors } = vectorFile(sets.map(bitsOf));
        for (const [index, rows] of sets.entries()) {
          expect(countRows(bitsOf(rows))).toBe(rows.length);
          const vector = { storageType: 'u', pathOrInlineDv: '', ...vectors[index]! };
          expect(vector.cardinality).toBe(rows.length);
          const read = rowsOfVector(vector, data);
          expect(Buffer.compare(read, bitsOf(rows))).toBe(0);
          expect(rows.every((row) => hasRow(read, row))).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('a run, a list and a bitmap take the bytes that the format gives them', () => {
    const header = 12 + 4;
    const oneContainer = (body: number) => header + 8 + 4 + 4 + body;
    expect(encodeBitmap(bitsOf([5]))).toHaveLength(oneContainer(2));
    expect(encodeBitmap(bitsOf(Array.from({ length: 5000 }, (_, i) => i * 2)))).toHaveLength(
      oneContainer(8192),
    );
    const run = bitsOf(Array.from({ length: 60_000 }, (_, i) => i));
    expect(encodeBitmap(run)).toHaveLength(header + 5 + 4 + 2 + 4);
    expect(encodeBitmap(new Uint8Array())).toHaveLength(12);
  });

  test('rows are taken away from rows', () => {
    expect(rowsOf(withoutRows(bitsOf([1, 9, 100]), bitsOf([9, 1000])))).toEqual([1, 100]);
    expect(withoutRows(bitsOf([9]), bitsOf([9]))).toHaveLength(0);
  });

  test('bytes that were cut off or changed are found', () => {
    const rows = [...Array.from({ length: 5000 }, (_, i) => i * 2), 70_000, 70_001, 200_000];
    const { data, vectors } = vectorFile([bitsOf(rows)]);
    const vector = { storageType: 'u', pathOrInlineDv: '', ...vectors[0]! };
    for (let at = 0; at < data.length; at += 97) {
      const changed = Buffer.from(data);
      changed[at] = changed[at]! ^ 1;
      expect(() => rowsOfVector(vector, changed), `byte ${at}`).toThrow('cannot be read');
      expect(() => rowsOfVector(vector, data.subarray(0, at))).toThrow('cannot be read');
    }
    expect(() => rowsOfVector({ ...vector, cardinality: 1 }, data)).toThrow('instead of 1');
  });
});

describe("the protocol's own examples", () => {
  test('the rows of the inline vector', () => {
    const pathOrInlineDv = 'wi5b=000010000siXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L';
    const vector = { storageType: 'i', pathOrInlineDv, sizeInBytes: 40, cardinality: 6 };
    expect(rowsOf(rowsOfVector(vector))).toEqual([3, 4, 7, 11, 18, 29]);
    expect(vectorId({ path: 'p', deletionVector: vector })).toBe(`i${pathOrInlineDv}`);
    const portable = '^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L';
    expect(encodeZ85(encodeBitmap(bitsOf([3, 4, 7, 11, 18, 29])))).toBe(portable);
    expect(rowsOf(decodeBitmap(decodeZ85(portable)))).toEqual([3, 4, 7, 11, 18, 29]);
  });

  test('the place of the vector with a prefix, and of those with absolute addresses', () => {
    const vector = {
      storageType: 'u',
      pathOrInlineDv: 'ab^-aqEH.-t@S}K{vb[*k^',
      offset: 4,
      sizeInBytes: 40,
      cardinality: 6,
    };
    const name = 'deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin';
    expect(vectorPath(vector, '/lake')).toBe(`ab/${name}`);
    expect(vectorId({ path: 'p', deletionVector: vector })).toBe('uab^-aqEH.-t@S}K{vb[*k^@4');
    for (const [address, uri] of [
      ['s3://mytable/', `s3://mytable/${name}`],
      ['s3://mytable/', `s3a://mytable/${name}`],
      ['/la ke', `/la ke/${name}`],
      ['/la ke', `file:/la%20ke/${name}`],
      ['/la ke', `file:///la%20ke/${name}`],
    ] as const)
      expect(vectorPath({ ...vector, storageType: 'p', pathOrInlineDv: uri }, address)).toBe(name);
    for (const uri of [`/lake2/${name}`, `s3://lake/${name}`])
      expect(() => vectorPath({ ...vector, storageType: 'p', pathOrInlineDv: uri }, '/lake')).toThrow(
        'outside',
      );
    expect(() => vectorPath({ ...vector, storageType: 'x' }, '/lake')).toThrow("'x'");
    expect(() => vectorPath({ ...vector, pathOrInlineDv: 'a b' }, '/lake')).toThrow('no UUID');
  });

  test('Z85 comes back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (data) => {
        const back = decodeZ85(encodeZ85(data));
        expect(back.subarray(0, data.length)).toEqual(Buffer.from(data));
      }),
    );
  });
});
