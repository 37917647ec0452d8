import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FolderPlace } from '../../src/intake/folder-place.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { placeContract } from './place-contract.ts';

const { signal } = new AbortController();

placeContract('a folder', () => {
  const folder = temporaryFolder();
  let seconds = 1_700_000_000;
  return Promise.resolve({
    place: new FolderPlace(folder, [folder]),
    write: (name, content) => {
      writeFileSync(join(folder, name), content);
      // Clocks of file systems may be coarse; the order is the test's.
      utimesSync(join(folder, name), (seconds += 10), seconds);
      return Promise.resolve();
    },
  });
});

test('a file that has just changed waits', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'a.csv'), 'a');
  expect(await new FolderPlace(folder, [folder]).list()).toEqual([]);
  expect(await new FolderPlace(folder, [folder], { stillMs: 0 }).list()).toHaveLength(1);
});

test('nothing outside the allowed folders is read, by no way', async () => {
  const [allowed, secret] = [temporaryFolder(), temporaryFolder()];
  writeFileSync(join(secret, 'secret.csv'), 'a');
  mkdirSync(join(allowed, 'in'));
  symlinkSync(secret, join(allowed, 'way'));
  symlinkSync(join(secret, 'secret.csv'), join(allowed, 'in', 'link.csv'));
  const placeAt = (folder: string): FolderPlace => new FolderPlace(folder, [allowed], { stillMs: 0 });
  const refused = { code: 'feed_folder_not_allowed' };
  await expect(placeAt(secret).list()).rejects.toMatchObject(refused);
  await expect(placeAt(join(allowed, 'way')).list()).rejects.toMatchObject(refused);
  await expect(placeAt(`${allowed}-other`).list()).rejects.toMatchObject(refused);
  await expect(new FolderPlace(allowed, []).list()).rejects.toMatchObject(refused);
  expect(await placeAt(join(allowed, 'in')).list()).toEqual([]);
  const file = join(secret, 'secret.csv');
  const offered = { file, version: '1 1', filename: 'secret.csv', bytes: 1 };
  await expect(placeAt(allowed).open(offered, signal)).rejects.toMatchObject(refused);
  await expect(placeAt(join(allowed, 'gone')).list()).rejects.toMatchObject({
    code: 'feed_folder_unreadable',
    parameters: { reason: 'ENOENT' },
  });
});
