import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UploadFolder } from '../../src/lake/layout.ts';
import { findEndlessLine } from '../../src/understand/line-length.ts';
import { testFolder, writeFileIn } from '../workspace.ts';
import { checkFirstFile } from './check-first-file.ts';

// Files too large to lie in the corpus; archives that grow or climb, and null bytes, are there.

const mib = 1 << 20;
const rows = '1,5,a\n2,6,b\n';

/** What the check says of a file, and what it leaves in the folder beside what was received. */
async function checked(
  content: string | Buffer,
): Promise<{ status: string; codes: string[]; left: string[] }> {
  const folder = new UploadFolder(join(testFolder(), 'upload'));
  writeFileIn(folder.path, 'received.csv', content);
  const report = await checkFirstFile(folder, { task: 'binary', target: 'y', key: 'id' });
  return {
    status: report.status,
    codes: report.problems.map(({ code }) => code),
    left: readdirSync(folder.path)
      .filter((name) => name !== 'received.csv')
      .sort(),
  };
}

const refusedAs = (...codes: string[]) => ({ status: 'invalid', codes, left: ['report.json'] });

describe('a file made to do harm is refused:', () => {
  test('one endless line', async () => {
    expect(await checked('x'.repeat(48 * mib))).toEqual(refusedAs('line_too_long'));
    expect(await checked(','.repeat(8 * mib))).toEqual(refusedAs('line_too_long'));
  });

  test.each([5, 9, 20])(
    'an endless line of %i MiB among good ones, not left out in silence',
    async (size) => {
      for (const [lineEnd, last] of [
        ['\n', '4,9,a\n'],
        ['\r', '4,9,a\r'],
        ['\r\n', ''],
      ] as const) {
        const good = `id,x,y\n${rows}`.replaceAll('\n', lineEnd);
        const content = `${good}3,${'7'.repeat(size * mib)},a${lineEnd}${last}`;
        expect(await checked(content)).toEqual(refusedAs('line_too_long'));
      }
    },
  );

  test('a million columns', async () => {
    const names = Array.from({ length: 1_000_000 }, (_, index) => `c${index}`);
    expect(await checked(`id,y,${names.join(',')}\n${rows}`)).toEqual(refusedAs('line_too_long'));
  });

  test('null bytes in a name, and a file of nothing else', async () => {
    expect(await checked(`id,x\0,y\n${rows}`)).toEqual(refusedAs('not_text'));
    expect(await checked(Buffer.alloc(mib))).toEqual(refusedAs('not_text'));
  });
});

describe('the longest line that is read', () => {
  test.each(['\n', ''])('has 4 MiB and is kept whole (line end %j)', async (lineEnd) => {
    const line = `3,${'7'.repeat(4 * mib - 100)},a`;
    const result = await checked(`id,x,y\n${rows}${line}${lineEnd}`);
    expect(result).toEqual({ status: 'valid', codes: [], left: ['report.json', 'staged.parquet'] });
  });

  test('is read or rejected wherever it stands, but never lost', async () => {
    for (const before of [0, 2.5, 7.5]) {
      const folder = new UploadFolder(join(testFolder(), 'upload'));
      const good = Math.floor((before * mib) / 8);
      const lines = Array.from(
        { length: good },
        (_, index) => `${String(index).padStart(3, '0').slice(-3)},1,a`,
      );
      const content = ['id,x,y', ...lines, 'long,' + '7'.repeat(4 * mib - 20) + ',a', 'last,2,b', ''].join(
        '\n',
      );
      writeFileIn(folder.path, 'received.csv', content);
      const report = await checkFirstFile(folder, { task: 'binary', target: 'y', key: null });
      expect(report.rows, `${before} MiB before it`).toMatchObject({ total: good + 2 });
    }
  });

  test('is told by its number', () => {
    const folder = testFolder();
    writeFileIn(folder, 'long.csv', `id,x,y\n${rows}3,${'7'.repeat(4 * mib)},a\n`);
    expect(findEndlessLine(join(folder, 'long.csv'))).toMatchObject({ line: 4, parameters: { limit: 4 } });
  });
});
