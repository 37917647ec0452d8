import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as xgboost from '../src/index.ts';
import { runChild } from './bundled-child.ts';

const read = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
const readme = read('README.md');
const reference = read('docs/reference.md');

describe('the README', () => {
  test('shows an example that runs and prints what it says', async () => {
    const [, program = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
    const [, output = ''] = /```text\n([\s\S]*?)```/.exec(readme) ?? [];
    expect(await runChild('readme', program)).toMatchObject({ code: 0, stdout: output, stderr: '' });
  });

  test('lists every error code with its meaning', () => {
    const rows = [...readme.matchAll(/^\| `(XGBOOST_\w+)`\s*\| (.*?)\s*\|$/gm)].map(([, code, meaning]) => [
      code,
      meaning,
    ]);
    expect(Object.fromEntries(rows)).toEqual(xgboost.XGBOOST_ERRORS);
  });
});

describe('the reference', () => {
  const [, shared = ''] = /```ts shared\n([\s\S]*?)```/.exec(reference) ?? [];
  const examples = [...reference.matchAll(/```ts\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/g)].map(
    ([, program = '', output = '']) => ({ heading: headingOf(program), program, output }),
  );

  function headingOf(program: string): string {
    const before = reference.slice(0, reference.indexOf(program));
    return [...before.matchAll(/^##+ (.*)$/gm)].at(-1)?.[1] ?? '';
  }

  test('has an output below every example that is run', () => {
    expect(examples.length).toBeGreaterThan(9);
    expect(examples).toHaveLength([...reference.matchAll(/```ts\n/g)].length);
  });

  test.each(examples)('prints what it says: $heading', async ({ heading, program, output }) => {
    const name = `reference-${heading.replaceAll(/\W+/g, '-')}`;
    // Imports hold for the whole program, wherever they stand.
    expect(await runChild(name, `${shared}\n${program}`)).toEqual({
      code: 0,
      signal: null,
      stdout: output,
      stderr: '',
    });
  });

  test('names everything that the package exports', () => {
    const unnamed = Object.keys(xgboost).filter(
      (name) => !reference.includes(name) && !readme.includes(name),
    );
    expect(unnamed).toEqual([]);
  });
});
