import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeBlocks, root } from '../../../scripts/repository-files.ts';
import { ServerProcess } from './support/server-process.ts';

// What the documents tell to type is typed here, against the programs that `npm run build` made.

describe('commands of the documents', () => {
  const token = 'docs-token';
  // The documents also name places beside the one where the reader is.
  const around = mkdtempSync(join(tmpdir(), 'kaefer-documents-'));
  const folder = join(around, 'kaefer');
  let server: ServerProcess;

  beforeAll(async () => {
    server = await ServerProcess.start(join(folder, 'kaefer-data'), { KAFER_TOKEN: token });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(around, { recursive: true, force: true });
  });

  /** Types the lines into a shell, as a reader would, but for the port and the places. */
  function type(lines: string, options: string): string {
    const script = lines
      .replaceAll('http://127.0.0.1:4870', server.address)
      .replaceAll('node apps/cli/', `node ${root}apps/cli/`);
    const { stdout, stderr, status } = spawnSync('bash', [options, script], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        KAFER_TOKEN: token,
        KAFER_URL: server.address,
        LC_ALL: 'C',
      },
    });
    expect(status, `${stdout}${stderr}`).toBe(0);
    return stdout;
  }

  test('the README’s script goes from a file to predictions', () => {
    const [, script = ''] = codeBlocks('README.md', 'sh');
    const printed = type(script, '-euc');
    expect(printed).toContain('awaiting_decision\nThis is the first model:');
    expect(printed).toMatch(/^1\n\{"model":1,"predictions":\[\{"score":0\.\d+,"label":"(yes|no)"/m);
    const scored = readFileSync(join(folder, 'scored.csv'), 'utf8').trimEnd().split('\n');
    expect(scored[0]).toBe('part,width,heat,machine,failed,score,label,model');
    expect(scored.length).toBe(2001);
  });

  test('the README’s commands do the same', () => {
    const [, , commands = ''] = codeBlocks('README.md', 'sh');
    const printed = type(commands, '-euc');
    expect(printed).toMatch(/^upload-\w+\tvalid\t2,000 rows/m);
    expect(printed).toMatch(/^1 \*\t/m);
    expect(readFileSync(join(folder, 'data.csv'), 'utf8').trimEnd().split('\n').length).toBe(2001);
  });

  test('the engineer’s guide’s calls answer what it says', () => {
    // One of them is refused, as it says, so the shell goes on.
    const printed = type(`${codeBlocks('docs/engineer-guide.md', 'sh').join('\n')}\ntrue`, '-uc');
    expect(printed).toContain('"title":"Projeto inexistente"');
    expect(printed).toContain('"id":"parts-with-costs"');
    expect(printed).toMatch(/"version":1,"identical":true/);
    for (const source of ['stations', 'checks', 'failures'])
      expect(printed).toMatch(new RegExp(`upload-[0-9a-f]+ ${source}$`, 'm'));
    expect(printed).toMatch(/: 0 damaged$/m);
    expect(printed).toContain('"preview":[["1","41","24.1","false"],["2","28","22.8","true"]]');
    const sha256 = /([0-9a-f]{64}) {2}kaefer-data/.exec(printed)?.[1];
    expect(sha256).toBeDefined();
    expect(printed).toContain(`"evidence":"${sha256}"`);
  });
});
