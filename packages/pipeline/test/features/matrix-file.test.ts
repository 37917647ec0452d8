import { join } from 'node:path';
import { truncateSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MatrixReader, MatrixWriter } from '../../src/features/matrix-file.ts';
import { testFolder } from '../workspace.ts';

test('what is written in any portions is read in any batches, as often as wanted', () => {
  const folder = testFolder();
  const matrices = fc.record({
    columns: fc.integer({ min: 1, max: 5 }),
    portions: fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 6 }),
    batchRows: fc.integer({ min: 1, max: 9 }),
  });
  fc.assert(
    fc.property(matrices, ({ columns, portions, batchRows }) => {
      const path = join(folder, 'matrix.f32');
      const writer = new MatrixWriter(path, columns);
      const written: number[] = [];
      for (const rows of portions) {
        const values = Float32Array.from({ length: rows * columns }, (_, i) =>
          i % 3 === 0 ? Number.NaN : written.length + i + 0.5,
        );
        writer.write(values);
        written.push(...values);
      }
      expect(writer.rows).toBe(written.length / columns);
      writer.close();
      const reader = new MatrixReader(path, columns, batchRows);
      expect(reader.rows).toBe(writer.rows);
      for (let pass = 0; pass < 2; pass++) {
        const read: number[] = [];
        for (let batch = reader.next(); batch !== null; batch = reader.next()) {
          expect(batch.start).toBe(read.length / columns);
          expect(batch.rows).toBeLessThanOrEqual(batchRows);
          read.push(...batch.data);
        }
        expect(read).toEqual(written);
        reader.reset();
      }
      reader.close();
    }),
  );
});

test('a file that was cut off is noticed', () => {
  const path = join(testFolder(), 'matrix.f32');
  const writer = new MatrixWriter(path, 2);
  writer.write(Float32Array.of(1, 2, 3, 4));
  writer.close();
  const reader = new MatrixReader(path, 2);
  truncateSync(path, 12);
  expect(() => reader.next()).toThrow('ended before its last row');
  reader.close();
});
