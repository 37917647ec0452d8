import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJson } from '../src/lake/durable.ts';
import { UploadFolder } from '../src/lake/layout.ts';
import { checkSums } from '../src/lake/seal.ts';
import { displayName, receiveFile } from '../src/receive/receive-file.ts';
import { testFolder } from './workspace.ts';

const upload = { id: 'upload-1', filename: 'a.csv', receivedAt: '2026-01-01T00:00:00.000Z' };

describe('receiving a file', () => {
  test('keeps it byte for byte, with its SHA-256, whatever the portions it comes in', async () => {
    const uploads = testFolder();
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 5000 }), { maxLength: 8 }), async (portions) => {
        const id = `upload-${++number}`;
        const content = Buffer.concat(portions);
        const source = Readable.from(portions.map((portion) => Buffer.from(portion)));
        const received = await receiveFile(source, uploads, { ...upload, id }, content.length);
        const sha256 = createHash('sha256').update(content).digest('hex');
        expect(received).toEqual({ ...upload, id, bytes: content.length, sha256 });
        const folder = join(uploads, id);
        expect(readFileSync(new UploadFolder(folder).file).equals(content)).toBe(true);
        expect(readJson(join(folder, 'received.json'))).toEqual(received);
        expect([...checkSums(folder)]).toEqual([
          ['received.csv', 'intact'],
          ['received.json', 'intact'],
        ]);
      }),
      { numRuns: 30 },
    );
  });

  test('a file over the limit is refused, and nothing is left', async () => {
    const uploads = testFolder();
    const source = Readable.from([randomBytes(1 << 20), Buffer.from('x')]);
    await expect(receiveFile(source, uploads, upload, 1 << 20)).rejects.toMatchObject({
      code: 'upload_too_large',
      parameters: { limit: 1 },
    });
    expect(readdirSync(uploads)).toEqual([]);
    expect(source.destroyed).toBe(true);
  });

  test('a connection that ends too early is an interrupted upload, and nothing is left', async () => {
    const uploads = testFolder();
    for (const reason of [undefined, Object.assign(new Error('reset'), { code: 'ECONNRESET' })]) {
      const source = new PassThrough();
      const receiving = receiveFile(source, uploads, upload, 1 << 20);
      source.write('half of it');
      setImmediate(() => source.destroy(reason));
      await expect(receiving).rejects.toMatchObject({ code: 'upload_interrupted' });
      expect(readdirSync(uploads)).toEqual([]);
    }
  });

  test('any other failure is told as it is, and nothing is left', async () => {
    const uploads = testFolder();
    const source = new PassThrough();
    const receiving = receiveFile(source, uploads, upload, 1 << 20);
    setImmediate(() => source.destroy(new Error('the disk is full')));
    await expect(receiving).rejects.toThrow('the disk is full');
    expect(readdirSync(uploads)).toEqual([]);
  });
});

test('a name to show has no folders, no control characters and a length', () => {
  expect(displayName('C:\\Users\\ana\\Março 2026.csv')).toBe('Março 2026.csv');
  expect(displayName('/etc/passwd')).toBe('passwd');
  expect(displayName('../../x.csv')).toBe('x.csv');
  expect(displayName('a\u0000\n\u0007b.csv')).toBe('ab.csv');
  for (const nothing of [undefined, '', '   ', 'folder/', '\n'])
    expect(displayName(nothing)).toBe('upload.csv');
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (name) => {
      const shown = displayName(name);
      expect(shown.length).toBeGreaterThan(0);
      expect(shown.length).toBeLessThanOrEqual(200);
      expect(shown).not.toMatch(/[\\/\p{Cc}]/u);
    }),
  );
});
