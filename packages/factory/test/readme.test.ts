import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as factory from '../src/index.ts';

test("the README's example prints what it says", () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```js\n(.*?)```/s.exec(readme)![1]!;
  const expected = [...example.matchAll(/\/\/ → (.*)$/gm)].map(([, printed]) => printed);
  expect(expected.length).toBeGreaterThan(0);
  const code = example.replace(/^import (\{.*\}) from '@kaefer\/factory';$/m, 'const $1 = factory;');
  const printed: string[] = [];
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- runs the example as a reader would
  const run = new Function('factory', 'console', code) as (api: typeof factory, out: object) => void;
  run(factory, { log: (...words: unknown[]) => printed.push(words.join(' ')) });
  expect(printed).toEqual(expected);
});
