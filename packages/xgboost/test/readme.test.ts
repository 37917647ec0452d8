import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { XGBOOST_ERRORS } from '../src/index.ts';
import { runChild } from './bundled-child.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

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
    expect(Object.fromEntries(rows)).toEqual(XGBOOST_ERRORS);
  });
});
