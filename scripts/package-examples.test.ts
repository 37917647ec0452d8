import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { codeBlocks, root } from './repository-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'kaefer-examples-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('examples of packages print what they say', () => {
  test.each(['contracts', 'factory', 'metrics', 'pipeline'])('%s', (name) => {
    const path = `packages/${name}/README.md`;
    const [example = ''] = codeBlocks(path, 'js');
    const expected = [...example.matchAll(/\/\/ → (.*)$/gm)].map(([, printed]) => printed);
    expect(expected.length).toBeGreaterThan(0);
    // Packages of ours are found from inside the repository only.
    const place = join(root, '.cache', 'readme');
    mkdirSync(place, { recursive: true });
    const program = join(place, `${path.replaceAll(/\W/g, '-')}.mjs`);
    writeFileSync(program, example);
    const { stdout, stderr, status } = spawnSync(process.execPath, [program], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout.trim().split('\n')).toEqual(expected);
  });
});
