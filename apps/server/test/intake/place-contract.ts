import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import type { FilePlace } from '../../src/intake/feed-files.ts';

/** A place with the means to change what lies there. */
export interface TestedPlace {
  readonly place: FilePlace;
  /** Creates or replaces a file; one that is written later is newer. */
  readonly write: (name: string, content: string) => Promise<void>;
}

/** What every place promises; see `FilePlace`. */
export function placeContract(name: string, open: () => Promise<TestedPlace>): void {
  const { signal } = new AbortController();

  describe(`a place: ${name}`, () => {
    test('shows its whole files, the oldest first, and streams each', async () => {
      const { place, write } = await open();
      expect(await place.list(signal)).toEqual([]);
      await write('z first.csv', 'a\n1\n');
      await write('á second.csv', 'a\n22\n');
      await write('.hidden.csv', 'a\n');
      await write('growing.csv.part', 'a\n');
      await write('empty.csv', '');
      const files = await place.list(signal);
      expect(files.map(({ filename, bytes }) => [filename, bytes])).toEqual([
        ['z first.csv', 4],
        ['á second.csv', 5],
      ]);
      expect(new Set(files.map(({ file }) => file)).size).toBe(2);
      const contents = [];
      for (const file of files) contents.push(String(await buffer(await place.open(file, signal))));
      expect(contents).toEqual(['a\n1\n', 'a\n22\n']);
      expect(await place.list(signal)).toEqual(files);
    });

    test('gives a file another version when its content changes, and never mixes the two', async () => {
      const { place, write } = await open();
      await write('a.csv', 'one');
      const [before] = await place.list(signal);
      await write('a.csv', 'two');
      const [after] = await place.list(signal);
      expect(after).toMatchObject({ file: before!.file, filename: 'a.csv' });
      expect(after!.version).not.toBe(before!.version);
      await expect(place.open(before!, signal)).rejects.toMatchObject({ code: 'feed_file_changed' });
      expect(String(await buffer(await place.open(after!, signal)))).toBe('two');
    });

    test('ends when it is told to', async () => {
      const { place, write } = await open();
      await write('a.csv', 'x'.repeat(5_000_000));
      const [file] = await place.list(signal);
      const stop = new AbortController();
      const content = await place.open(file!, stop.signal);
      const reading = buffer(content);
      stop.abort();
      await expect(reading).rejects.toThrow();
    });
  });
}
