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
    // But for the one that the others share, and with none that is not run.
    expect([...reference.matchAll(/```ts/g)]).toHaveLength(examples.length + 1);
  });

  test.each(examples)('prints what it says: $heading', async ({ heading, program, output }) => {
    const name = `reference-${heading.replaceAll(/\W+/g, '-')}`;
    // Imports hold for the whole program, wherever they stand.
    const isBuilt = program.includes('Trainer.start');
    expect(await runChild(name, `${shared}\n${program}`, { isBuilt })).toEqual({
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

  test('names every public method of every class', () => {
    const { Booster, ColumnBatches, DMatrix, Scorer, SharedMemory, Trainer, XgboostError } = xgboost;
    const classes = { Booster, ColumnBatches, DMatrix, Scorer, SharedMemory, Trainer, XgboostError };
    const exported = Object.entries(xgboost).filter(
      ([, one]) => typeof one === 'function' && /^class\b/.test(Function.prototype.toString.call(one)),
    );
    expect(Object.keys(classes)).toEqual(exported.map(([name]) => name).sort());
    const unnamed = Object.entries(classes).flatMap(([className, one]) =>
      methodsOf(one)
        .filter((name) => !hidden.has(name) && !new RegExp(`[.\`]${name}\\b`).test(reference))
        .map((name) => `${className}.${name}`),
    );
    expect(unnamed).toEqual([]);
  });
});

/** For this package's own files: the first two are protected. */
const hidden = new Set(['setColumns', 'setRows', 'descriptorOf']);

/** Methods and accessors of a class and those it extends, static ones among them. */
function methodsOf(one: { readonly prototype: object }): string[] {
  const names = new Set(Object.getOwnPropertyNames(one));
  for (
    let prototype = one.prototype;
    prototype !== Object.prototype && prototype !== Error.prototype;
    prototype = Object.getPrototypeOf(prototype) as object
  )
    for (const name of Object.getOwnPropertyNames(prototype)) names.add(name);
  for (const name of ['constructor', 'length', 'name', 'prototype', 'caller', 'arguments'])
    names.delete(name);
  return [...names];
}
