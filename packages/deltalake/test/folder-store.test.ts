import { expect, test } from 'vitest';
import { FolderStore } from '../src/index.ts';
import { testFolder } from './workspace.ts';

test('of many that create an object one wins, and its bytes are complete', async () => {
  const store = new FolderStore(testFolder());
  const texts = Array.from({ length: 20 }, (_, i) => String(i).repeat(10_000));
  const won = await Promise.all(texts.map((text) => store.putIfAbsent('a/b/object', Buffer.from(text))));
  expect(won.filter(Boolean)).toHaveLength(1);
  expect((await store.read('a/b/object'))?.data.toString()).toBe(texts[won.indexOf(true)]);
  expect((await store.list('')).map(({ path }) => path)).toEqual(['a/b/object']);
});

test('objects are replaced, listed below a prefix in order, sized and deleted', async () => {
  const store = new FolderStore(testFolder());
  for (const path of ['x/2', 'x/10', 'y', 'x/1/deep']) await store.put(path, Buffer.from('old'));
  await store.put('y', Buffer.from('newer'));
  expect((await store.list('x/')).map(({ path }) => path)).toEqual(['x/1/deep', 'x/10', 'x/2']);
  expect(await store.size('y')).toBe(5);
  await store.delete('y');
  await store.delete('y');
  expect(await store.size('y')).toBeUndefined();
  expect(await store.read('y')).toBeUndefined();
  expect(await store.list('nothing/')).toEqual([]);
});

test.each(['../outside', '/absolute', 'a/../../b'])('the path %s is refused', async (path) => {
  await expect(new FolderStore(testFolder()).read(path)).rejects.toMatchObject({ code: 'invalid_argument' });
});
