import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { commands } from '../src/commands.ts';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const serverProgram = fileURLToPath(new URL('../../server/dist/main.js', import.meta.url));
const token = 'token of the tests';
const folder = mkdtempSync(join(tmpdir(), 'cli-test-'));
/** From which the server may fetch. */
const exports = join(folder, 'exports');
const url = await startServer();

/** A server of its own on a free port; it is stopped, and its data removed, after the last test. */
async function startServer(): Promise<string> {
  const child = spawn(
    process.execPath,
    [serverProgram, '--no-demo', '--port', '0', '--data-dir', join(folder, 'data')],
    {
      env: { ...process.env, KAFER_TOKEN: token, KAFER_INTAKE_FOLDERS: exports },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  afterAll(async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  let said = '';
  for await (const chunk of child.stdout) {
    said += String(chunk);
    const address = /Then use (http:\S+)/.exec(said)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error(`the server did not start: ${said}`);
}

interface Outcome {
  readonly code: number;
  readonly lines: readonly string[];
  readonly complaint: string;
}

/** Runs the program as a terminal does. */
function kafer(...args: string[]): Promise<Outcome> {
  return kaferIn({}, ...args);
}

function kaferIn(env: Readonly<Record<string, string>>, ...args: string[]): Promise<Outcome> {
  const whole = {
    PATH: process.env['PATH'] ?? '',
    KAFER_URL: url,
    KAFER_TOKEN: token,
    LANG: 'C.UTF-8',
    ...env,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { env: whole }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, lines: stdout.split('\n').slice(0, -1), complaint: stderr.trim() });
    });
  });
}

/** Rows whose outcome depends on `x`; keys from `first` on. */
function csvOf(rows: number, first: number): string {
  const lines = Array.from({ length: rows }, (_, index) => {
    const x = (index * 7919) % 100;
    const odd = (index * 104_729) % 10 === 0;
    return `k${first + index},${x},${['red', 'blue', 'green'][index % 3]},${x > 60 !== odd ? 'yes' : 'no'}`;
  });
  return `id,x,colour,failed\n${lines.join('\n')}\n`;
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** @returns its id */
async function createProject(name: string): Promise<string> {
  const created = await fetch(`${url}/api/v1/projects`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      name,
      task: 'binary',
      target: 'failed',
      key: 'id',
      positive: 'yes',
      training: { rounds: 20, incrementalRounds: 5 },
    }),
  });
  return ((await created.json()) as { id: string }).id;
}
const project = await createProject('Welding é');

/** Uploads a file, runs, and gives both ids. */
async function retrain(
  content: string,
  ...options: string[]
): Promise<{ upload: string; run: string; lines: readonly string[] }> {
  const sent = await kafer('upload', project, file('more.csv', content));
  const upload = sent.lines[0]?.split('\t')[0] ?? '';
  const { code, lines, complaint } = await kafer('run', project, upload, ...options);
  expect([code, complaint]).toEqual([0, '']);
  return { upload, run: lines.at(-1) === undefined ? '' : (lines.at(-2)?.split('\t')[0] ?? ''), lines };
}

describe('the whole flow', () => {
  test('upload, run, decide, models, use, reproduce, dataset, export', async () => {
    expect((await kafer('projects')).lines).toEqual([`${project}\tWelding é\tmodel –\t0 rows`]);
    expect((await kafer('models', project)).lines).toEqual([]);

    const first = file('first.csv', `${csvOf(400, 0)}k900,oops\n`);
    const sent = await kafer('upload', 'Welding é', first);
    expect(sent.code).toBe(0);
    expect(sent.lines[0]).toMatch(
      /^upload-\w+\tvalid\t401 rows: 400 new, 0 updated, 0 unchanged, 1 rejected$/,
    );
    expect(sent.lines[1]).toMatch(/^ {2}warning line 402 \(1\): /);

    const [upload = ''] = sent.lines[0]?.split('\t') ?? [];
    const ran = await kafer('run', project, upload);
    expect(ran.code).toBe(0);
    expect(ran.lines.at(-2)).toMatch(/^run-\w+\tawaiting_decision$/);
    expect(ran.lines.at(-1)).toMatch(/^This is the first model: on \d+ rows/);
    const [run = ''] = ran.lines.at(-2)?.split('\t') ?? [];

    expect(await kafer('decide', run, 'candidate', '--note', 'the first')).toEqual({
      code: 0,
      lines: ['model 1 is in production'],
      complaint: '',
    });
    expect(await kafer('decide', run, 'current')).toMatchObject({ code: 1, lines: [] });

    const second = await retrain(csvOf(300, 300), '--mode', 'incremental');
    expect(second.lines.at(-1)).toMatch(/^(The new model|There is no clear difference)/);
    await kafer('decide', second.run, 'current');
    const models = (await kafer('models', project)).lines;
    expect(models.map((line) => line.split('\t').slice(0, 3))).toEqual([
      ['2', 'incremental', 'data 2'],
      ['1 *', 'full', 'data 1'],
    ]);

    expect((await kafer('use', project, '2', '--note', 'after all')).lines).toEqual([
      'model 2 is in production',
    ]);
    expect((await kafer('models', project)).lines[0]).toMatch(/^2 \*\t/);
    for (const version of ['1', '2']) {
      const { code, lines } = await kafer('reproduce', project, version);
      expect([code, lines[0]]).toEqual([0, expect.stringMatching(/^identical\t[0-9a-f]{64}$/)]);
    }

    const versions = (await kafer('dataset', project)).lines.map((line) => line.split('\t'));
    expect(versions.map(([version, , operation, rows, name]) => [version, operation, rows, name])).toEqual([
      ['2', 'merge', '600 rows', 'more.csv'],
      ['1', 'merge', '400 rows', 'first.csv'],
      ['0', 'create', '0 rows', ''],
    ]);
    const output = join(folder, 'export.csv');
    expect(await kafer('export', project, output, '--version', '1')).toEqual({
      code: 0,
      lines: [],
      complaint: '',
    });
    const sorted = csvOf(400, 0).trimEnd().split('\n');
    expect(readFileSync(output, 'utf8').trimEnd().split('\n')).toEqual([
      sorted[0],
      ...sorted.slice(1).sort((a, b) => (a.split(',')[0]! < b.split(',')[0]! ? -1 : 1)),
    ]);
    await kafer('export', project, output);
    expect(readFileSync(output, 'utf8').trimEnd().split('\n')).toHaveLength(601);
    expect((await kafer('projects')).lines).toEqual([`${project}\tWelding é\tmodel 2\t600 rows`]);
  });
});

describe('the contract', () => {
  test('is written to a file, edited, saved once, and refused when somebody else was faster', async () => {
    const path = join(folder, 'contract.json');
    expect(await kafer('contract', 'get', project, path)).toMatchObject({ code: 0, lines: [] });
    const read = JSON.parse(readFileSync(path, 'utf8')) as { version: number; contract: object };
    expect(read.version).toBeGreaterThan(0);
    const printed = await kafer('contract', 'get', project);
    expect(JSON.parse(printed.lines.join('\n'))).toEqual(read);
    const edited = { ...read, contract: { ...read.contract, driftLimit: 0.5 } };
    const saved = await kafer(
      'contract',
      'set',
      project,
      file('edited.json', JSON.stringify(edited)),
      '--note',
      'n',
    );
    expect([saved.code, saved.lines[0]]).toEqual([
      0,
      `the contract is at version ${read.version + 1} now; 0 waiting files were checked again`,
    ]);
    const late = await kafer('contract', 'set', project, path);
    expect(late.code).toBe(1);
    expect(late.complaint).toMatch(/is at version \d+ by now/);
    const broken = await kafer('contract', 'set', project, file('broken.json', '{"contract":{"columns":7}}'));
    expect(broken.code).not.toBe(0);
    expect(broken.complaint).toMatch(/is no contract: contract\.columns/);
    expect((await kafer('contract', 'change', project)).code).toBe(2);
  });
});

describe('the data folder', () => {
  const dataDir = join(folder, 'data');
  const backup = join(folder, 'backup');

  test('is copied while the server runs, verified and made anew', async () => {
    const first = await kafer('backup', backup, '--data-dir', dataDir);
    expect(first).toMatchObject({ code: 0, complaint: '' });
    expect(first.lines[0]).toMatch(/^1 projects: \d+ files copied \(\d+ MiB\), 0 were there already$/);
    expect((await kaferIn({ KAFER_DATA_DIR: dataDir }, 'backup', backup)).lines[0]).toMatch(
      /^1 projects: 0 files copied \(0 MiB\), \d+ were there already$/,
    );
    expect((await kafer('verify', '--data-dir', backup)).lines).toEqual([
      '1 projects, 49 files, 2 uploads, 3 data versions, 2 models, 3 decisions: 0 damaged',
    ]);
    expect((await kafer('rebuild', '--data-dir', backup)).lines[0]).toMatch(/^the database was made anew/);
    rmSync(join(backup, 'lake/projects', project, 'models/1/model.ubj'));
    const { code, lines } = await kafer('verify', '--data-dir', backup, '--language', 'pt-BR');
    expect([code, lines[0]]).toEqual([1, `${project}\tmodels/1/model.ubj\tfalta`]);
    expect(lines.at(-1)).toMatch(/: \d com danos$/);
  });

  test('is refused where it cannot be right, with the code 1', async () => {
    const foreign = file('notes.txt', 'mine');
    for (const [args, complaint] of [
      [['verify', '--data-dir', join(folder, 'nowhere')], 'There is no data of Käfer in'],
      [['backup', join(dataDir, 'copy'), '--data-dir', dataDir], 'inside the data folder'],
      [['backup', join(foreign, '..'), '--data-dir', dataDir], 'holds other files'],
      [['rebuild', '--data-dir', dataDir], 'Stop it first.'],
    ] as const) {
      const outcome = await kafer(...args);
      expect([args, outcome.code, outcome.lines]).toEqual([args, 1, []]);
      expect(outcome.complaint).toContain(complaint);
    }
  });
});

describe('what cannot be done', () => {
  test('is told on standard error, with the code 1', async () => {
    for (const [args, complaint] of [
      [['upload', 'nowhere', file('a.csv', 'a\n1\n')], 'There is no project nowhere.'],
      [['upload', project, join(folder, 'no-such.csv')], 'no-such.csv that can be read'],
      [['decide', 'run-none', 'candidate'], 'There is no run run-none.'],
      [['use', project, '99'], 'There is no model 99'],
      [['reproduce', project, '99'], 'There is no model 99'],
      [['export', project, join(folder, 'x.csv'), '--version', '99'], 'There is no version 99'],
      [['export', project, join(folder, 'no', 'x.csv')], 'could not be written'],
      [['run', project, 'upload-none'], 'There is no upload upload-none.'],
    ] as const) {
      const outcome = await kafer(...args);
      expect([args, outcome.code, outcome.lines]).toEqual([args, 1, []]);
      expect(outcome.complaint).toContain(complaint);
    }
    expect(existsSync(join(folder, 'x.csv'))).toBe(false);
    expect(existsSync(join(folder, 'x.csv.part'))).toBe(false);
  });

  test('an invalid upload is told with its reasons, and the code 1', async () => {
    const { code, lines } = await kafer('upload', project, file('bad.csv', 'id,x\n1,2\n'));
    expect(code).toBe(1);
    expect(lines[0]).toContain('\tinvalid\t');
    expect(lines[1]).toMatch(/^ {2}error failed \(1\): The target column “failed” is missing/);
  });

  test('without a right token or a server it says so', async () => {
    expect(await kaferIn({ KAFER_TOKEN: 'wrong' }, 'projects')).toMatchObject({ code: 1, lines: [] });
    expect((await kaferIn({ KAFER_URL: 'http://127.0.0.1:1' }, 'projects')).complaint).toContain(
      'No Käfer answers at http://127.0.0.1:1.',
    );
    expect(await kafer('projects', '--token', token, '--url', url)).toMatchObject({ code: 0 });
  });
});

describe('the command line', () => {
  test('has a help that names every command', async () => {
    const help = await kafer('--help');
    expect(help.code).toBe(0);
    for (const { usage, summary } of Object.values(commands)) {
      expect(help.lines.join('\n')).toContain(`kafer ${usage}`);
      expect(help.lines.join('\n')).toContain(summary.en);
    }
    for (const args of [[], ['nonsense'], ['constructor']]) {
      const outcome = await kafer(...args);
      expect([outcome.code, outcome.lines, outcome.complaint]).toEqual([2, [], help.lines.join('\n')]);
    }
  });

  test('is checked before anything is sent: mistakes have the code 2 and show the usage', async () => {
    for (const [args, complaint] of [
      [['upload', project], 'FILE is missing. Usage: kafer upload PROJECT FILE'],
      [['export', project], 'FILE is missing.'],
      [['use', project, 'two'], 'VERSION must be a whole number, not “two”.'],
      [['export', project, 'x.csv', '--version', '1x'], 'whole number'],
      [['decide', 'run-1', 'both'], 'must be one of candidate, current, not “both”.'],
      [
        ['run', project, '--mode', 'quick'],
        '--mode must be one of full, incremental, refresh, auto, not “quick”.',
      ],
      [['projects', '--language', 'de'], '--language must be one of en, pt-BR, not “de”.'],
      [['projects', '--colour'], '--colour'],
    ] as const) {
      const outcome = await kaferIn({ KAFER_URL: 'http://127.0.0.1:1' }, ...args);
      expect([args, outcome.code, outcome.lines]).toEqual([args, 2, []]);
      expect(outcome.complaint).toContain(complaint);
    }
  });

  test('speaks Portuguese in a Portuguese terminal, or when it is told to', async () => {
    const pt = (...args: string[]) => kaferIn({ LANG: 'pt_BR.UTF-8' }, ...args);
    expect((await pt('use', project, '99')).complaint).toContain('Não existe o modelo 99 neste projeto.');
    expect((await pt('upload', project)).complaint).toBe(
      'Falta FILE. Uso: kafer upload PROJECT FILE… [--source NAME]',
    );
    expect((await pt('upload', project, file('bad.csv', 'id,x\n1,2\n'))).lines[1]).toMatch(
      /^ {2}erro failed \(1\): Falta a coluna-alvo “failed”/,
    );
    expect((await pt('--help')).lines.join('\n')).toContain('lista os projetos');
    expect((await kafer('use', project, '99', '--language', 'pt-BR')).complaint).toContain(
      'Não existe o modelo',
    );
    expect((await pt('use', project, '99', '--language', 'en')).complaint).toContain('There is no model');
  });
});

describe('what models learn from', () => {
  test('a column is left out, kept as known before, or used like any', async () => {
    const name = 'columns';
    await fetch(`${url}/api/v1/projects`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name, task: 'binary', target: 'failed', key: 'id', exclude: ['colour'] }),
    });
    const leaking = csvOf(300, 0)
      .replaceAll(/(yes|no)$/gm, '$1,$1')
      .replace('failed', 'repaired,failed');
    const sent = await kafer('upload', name, file('leaking.csv', leaking));
    const [upload = ''] = sent.lines[0]?.split('\t') ?? [];
    expect(await kafer('run', name, upload)).toMatchObject({
      code: 1,
      complaint: expect.stringContaining('repaired') as string,
    });
    const answer = async (...words: string[]): Promise<readonly string[]> =>
      (await kafer('column', name, 'repaired', ...words)).lines;
    expect(await answer('known-before')).toEqual(['left out: colour\tknown before: repaired']);
    expect(await answer('use')).toEqual(['left out: colour\tknown before: –']);
    expect(await answer('leave-out', '--note', 'written down afterwards')).toEqual([
      'left out: colour, repaired\tknown before: –',
    ]);
    expect((await kafer('run', name, upload)).code).toBe(0);
    expect(await kafer('column', name, 'repaired', 'perhaps')).toMatchObject({ code: 2 });
  });
});

test('an upload is taken out of the data again, after being told what that does', async () => {
  const { upload } = await retrain(csvOf(50, 5000));
  const counts = 'rows removed: 50, as before: 0, kept as later files left them: 0';
  const learned = /^models that learned from it: \d+; they stay as they are until the next retrain$/;
  const before = (await kafer('dataset', project)).lines.length;
  expect(await kafer('undo', upload, '--dry-run')).toEqual({
    code: 0,
    lines: [counts, expect.stringMatching(learned)],
    complaint: '',
  });
  expect((await kafer('dataset', project)).lines).toHaveLength(before);
  const undone = await kafer('undo', upload);
  expect(undone).toMatchObject({
    code: 0,
    lines: [counts, expect.stringMatching(learned), expect.stringMatching(/^data version \d+$/)],
  });
  expect((await kafer('dataset', project)).lines[0]).toMatch(/\tundo\t\d+ rows\tmore\.csv$/);
  const again = await kafer('undo', upload);
  expect([again.code, again.lines]).toEqual([1, []]);
  expect(again.complaint).toContain('No row of the data comes from');
});

test('how a file is read is said, and remembered', async () => {
  const dated = csvOf(30, 7000)
    .replaceAll(/^(k\d+),/gm, '$1,01/02/2026,')
    .replace('id,', 'id,made,');
  const dates = file('dates.csv', dated);
  const sent = await kafer('upload', project, dates);
  const [id = ''] = sent.lines[0]?.split('\t') ?? [];
  expect(sent.lines.join('\n')).toContain('may begin with the day or with the month');
  const read = await kafer('reread', id, '--dates', 'month-first', '--as-text', 'made up');
  expect([read.code, read.lines.join('\n')]).toEqual([0, expect.not.stringContaining('may begin with')]);
  const again = read.lines[0]?.split('\t')[0] ?? '';
  expect(again).not.toBe(id);
  expect((await kafer('reread', again)).lines.join('\n')).toContain('may begin with');
  expect(await kafer('reread', again, '--dates', 'year')).toMatchObject({ code: 2 });
});

test('a recipe over several reports is tried and saved', async () => {
  const sources = [
    { name: 'stations', key: ['knr', 'station'] },
    { name: 'failures', key: ['knr', 'defect'] },
  ];
  const made = await fetch(`${url}/api/v1/projects`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'assembly', task: 'binary', target: 'failed', key: 'knr', sources }),
  });
  expect(made.status).toBe(201);
  expect(await kafer('recipe', 'assembly')).toMatchObject({ code: 1, lines: ['There is no recipe.'] });
  const stations = file('a.csv', 'knr,station,minutes\n1,A,3\n1,B,4\n2,A,5\n');
  expect((await kafer('upload', 'assembly', stations)).lines[0]).toMatch(
    /^upload-\w+\tvalid\tstations\t3 rows/,
  );
  const failures = file('b.csv', 'knr,defect\n2,noise\n');
  expect((await kafer('upload', 'assembly', failures, '--source', 'failures')).code).toBe(0);
  const wrong = await kafer('upload', 'assembly', failures, '--source', 'nobody');
  expect([wrong.code, wrong.complaint]).toEqual([1, expect.stringContaining('no report called “nobody”')]);
  expect((await kafer('sources', 'assembly')).lines).toEqual([
    'stations\tknr + station\t0 rows',
    'failures\tknr + defect\t0 rows',
  ]);

  const bad = file('bad.sql', 'SELECT knr FROM stations');
  expect(await kafer('recipe', 'assembly', bad, '--dry-run')).toMatchObject({
    code: 1,
    lines: [expect.stringContaining('yields no column “failed”') as string],
  });
  expect(await kafer('recipe', 'assembly', bad)).toMatchObject({
    code: 1,
    complaint: expect.stringContaining('yields no column “failed”') as string,
  });
  const sql = `SELECT knr, sum(minutes) AS minutes, knr IN (SELECT knr FROM failures) AS failed FROM stations GROUP BY knr`;
  const good = file('good.sql', sql);
  expect(await kafer('recipe', 'assembly', good, '--dry-run')).toMatchObject({
    code: 0,
    lines: ['2 rows: 2 new, 0 updated, 0 unchanged, 0 gone'],
  });
  expect((await kafer('recipe', 'assembly', good, '--note', 'first')).code).toBe(0);
  expect((await kafer('recipe', 'assembly')).lines).toEqual([sql]);
  expect(await kafer('recipe', 'assembly', '/nowhere.sql')).toMatchObject({ code: 1 });
});

test('files are fetched from a place that the operator allows, and what is in the way is told', async () => {
  const drying = await createProject('Drying');
  mkdirSync(exports);
  const add = (name: string, content: string): void => {
    writeFileSync(join(exports, name), content);
    utimesSync(join(exports, name), 1_700_000_000, 1_700_000_000);
  };
  add('march.csv', csvOf(30, 0));
  expect(await kafer('feed', drying, 'share', exports, '--every', '90')).toMatchObject({
    code: 0,
    lines: [expect.stringMatching(/^share\tfolder\t.*exports\tnext 20\S+\t(not fetched yet|20)/)],
  });
  expect(await kafer('fetch', drying, 'share')).toMatchObject({
    code: 0,
    lines: [expect.stringMatching(/^share\tfolder\t.*: (1 files taken, 0|0 files taken, 1) known$/)],
  });
  const uploads = await fetch(`${url}/api/v1/projects/${drying}/uploads`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(await uploads.json()).toMatchObject({ items: [{ feed: 'share', status: 'valid' }] });
  rmSync(exports, { recursive: true });
  const failed = await kafer('fetch', drying, 'share');
  expect([failed.code, failed.lines[1]]).toEqual([1, expect.stringContaining('could not be read (ENOENT)')]);
  const listed = await kafer('feeds', drying, '--language', 'pt-BR');
  expect([listed.code, listed.lines[1]]).toEqual([1, expect.stringContaining('Não foi possível ler')]);
  const web = await kafer('feed', drying, 'web', 'https://plant.example/a.csv', '--send-as', 'header:X-Key');
  expect([web.code, web.complaint]).toEqual([1, expect.stringContaining('KAFER_INTAKE_HOSTS')]);
  const unknown = await kafer('feed', drying, 'web', 'https://plant.example/a.csv', '--send-as', 'post');
  expect([unknown.code, unknown.complaint]).toEqual([2, expect.stringContaining('--send-as')]);
  expect((await kafer('remove-feed', drying, 'share')).code).toBe(0);
  expect(await kafer('feeds', drying)).toEqual({ code: 0, lines: [], complaint: '' });
});

describe('several files', () => {
  test('are each an upload; one that cannot be sent keeps no other out; one run takes all that wait', async () => {
    const painting = await createProject('Painting');
    const [one, two] = [file('one.csv', csvOf(200, 0)), file('two.csv', csvOf(150, 200))];
    const missing = join(folder, 'nowhere.csv');
    const sent = await kafer('upload', painting, one, missing, two);
    expect([sent.code, sent.complaint]).toEqual([
      1,
      `${missing}: There is no file ${missing} that can be read.`,
    ]);
    expect(sent.lines.map((line) => line.split('\t').slice(1))).toEqual([
      [],
      ['valid', '200 rows: 200 new, 0 updated, 0 unchanged, 0 rejected'],
      [],
      ['valid', '150 rows: 150 new, 0 updated, 0 unchanged, 0 rejected'],
    ]);
    expect([sent.lines[0], sent.lines[2]]).toEqual([one, two]);
    const ran = await kafer('run', painting, '--waiting');
    expect([ran.code, ran.complaint]).toEqual([0, '']);
    const names = (await kafer('dataset', painting)).lines.slice(0, 2).map((line) => line.split('\t')[4]);
    expect(names).toEqual(['two.csv', 'one.csv']);
  });
});

describe('settings', () => {
  test('of training, and a fresh holdout', async () => {
    const own = await createProject('settings');
    expect((await kafer('training', own)).lines).toContain('rounds\t20');
    const changed = await kafer('training', own, 'balance', '0.5', '--note', 'rare failures');
    expect([
      changed.code,
      changed.lines.includes('balance\t0.5'),
      changed.lines.includes('rounds\t20'),
    ]).toEqual([0, true, true]);
    expect((await kafer('monotone', own, 'x', 'rising')).lines).toContain('monotone\tx\trising');
    expect((await kafer('monotone', own, 'x', 'free')).lines.join()).not.toContain('monotone');
    expect(await kafer('training', own, 'balance', 'half')).toMatchObject({
      code: 2,
      complaint: expect.stringContaining('balance must be a number, not “half”.') as string,
    });
    expect((await kafer('training', own, 'speed', '1')).complaint).toContain('NAME must be one of rounds, ');
    expect((await kafer('training', own, 'rounds', '0')).code).toBe(1);

    expect((await kafer('fresh-holdout', own)).complaint).toContain('no rows');
    const sent = await kafer('upload', own, file('settings.csv', csvOf(400, 0)));
    const ran = await kafer('run', own, sent.lines[0]?.split('\t')[0] ?? '');
    await kafer('decide', ran.lines.at(-2)?.split('\t')[0] ?? '', 'candidate');
    const begun = await kafer('fresh-holdout', own, '--rows', '60', '--note', 'much was chosen');
    expect(begun.lines[0]).toBe('2\tcollecting\t0 rows (in use from 60 on)\t0 choices');
    expect(begun.lines[1]).toMatch(/^1\tused\t\d+ rows \(in use from 0 on\)\t0 choices$/);
    expect((await kafer('holdouts', own)).lines).toEqual(begun.lines);
    expect(await kafer('fresh-holdout', own)).toMatchObject({ code: 1, lines: [] });
  });
});
