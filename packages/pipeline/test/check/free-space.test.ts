import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { FreeSpace } from '../../src/understand/free-space.ts';
import { openReadable } from '../../src/understand/readable-text.ts';
import { fileLimits, testFolder, withFreshConnection, writeFileIn } from '../workspace.ts';

const corpus = fileURLToPath(new URL('../check-corpus/', import.meta.url));
const mib = 1 << 20;
const full = expect.objectContaining({ code: 'disk_full' }) as Error;

test.each(['gzip.csv.gz', 'zip.zip', 'zip-of-parquet.zip', 'workbook.xlsx', 'gzip-bomb.csv.gz'])(
  '%s is not unpacked where too little space would be left',
  async (name) => {
    const folder = testFolder();
    const file = writeFileIn(folder, 'received.csv', readFileSync(join(corpus, name)));
    const decoded = join(folder, 'decoded.csv');
    const limits = { ...fileLimits, minFreeBytes: 2 ** 60 };
    const opened = withFreshConnection((connection) =>
      openReadable(connection, { file, decoded, limits, wanted: [] }),
    );
    await expect(opened).rejects.toThrow(full);
    expect(existsSync(decoded)).toBe(false);
  },
);

test('a damaged archive is the sender’s to know of, also where there is little space', async () => {
  const folder = testFolder();
  const file = writeFileIn(folder, 'received.csv', readFileSync(join(corpus, 'zip-damaged.zip')));
  const limits = { ...fileLimits, minFreeBytes: 2 ** 60 };
  const opened = await withFreshConnection((connection) =>
    openReadable(connection, { file, decoded: join(folder, 'decoded.csv'), limits, wanted: [] }),
  );
  expect(opened).toMatchObject({ problem: { code: 'unreadable' } });
});

test('what is declared is refused before anything is written', () => {
  const space = new FreeSpace('/a/b', 10 * mib, () => 15 * mib);
  expect(() => space.require(5 * mib)).not.toThrow();
  expect(() => space.require(5 * mib + 1)).toThrow(full);
});

test('what is written is held against what the disk has left, which others use as well', () => {
  let free = 100 * mib;
  let used = 0;
  const space = new FreeSpace('/a/b', 10 * mib, () => free - used);
  const write = (): void => {
    space.take(mib);
    used += mib;
  };
  for (let written = 0; written < 40; written++) write();
  free -= 30 * mib;
  expect(() => {
    for (;;) write();
  }).toThrow(full);
  expect(used).toBeLessThanOrEqual(60 * mib);
  // Between two looks at the disk no more than what was left at the first is written.
  expect(free - used).toBeGreaterThanOrEqual(10 * mib);
  expect(free - used).toBeLessThan(11 * mib);
});
