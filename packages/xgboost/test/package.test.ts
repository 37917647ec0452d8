import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findLibraryPath } from '../src/index.ts';

const folder = fileURLToPath(new URL('..', import.meta.url));
const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));
/** A project outside the repository, with what npm would install. */
const project = mkdtempSync(join(tmpdir(), 'xgboost-package-'));
const installed = join(project, 'node_modules', '@kaefer', 'xgboost');

afterAll(() => rmSync(project, { recursive: true, force: true }));

beforeAll(() => {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  execFileSync(npm, ['pack', '--silent', '--pack-destination', project], { cwd: folder });
  const packed = readdirSync(project).find((name) => name.endsWith('.tgz')) as string;
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(project, packed), '-C', installed, '--strip-components=1']);
  for (const name of ['koffi', '@koromix'])
    if (existsSync(join(modules, name)))
      symlinkSync(join(modules, name), join(project, 'node_modules', name));
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
});

/** Without variables that name a library, but for those given. */
function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { KAFER_XGBOOST_LIB: _, XGBOOST_LIBRARY: __, ...others } = process.env;
  const env = { ...others, ...environment };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: project,
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** Compiles a program of the project as one that knows neither this repository nor Node's types. */
function compile(program: string): string[] {
  writeFileSync(join(project, 'program.ts'), program);
  const compiler = join(modules, 'typescript', 'bin', 'tsc');
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023'];
  const { stdout } = run([compiler, ...options, 'program.ts']);
  return stdout.split('\n').filter((line) => line.includes('error'));
}

describe('the package, packed and unpacked outside the repository', () => {
  test('has declarations: what is right compiles, and a wrong parameter does not', () => {
    const program = (parameters: string): string => `
      import { DMatrix, train } from '@kaefer/xgboost';
      import { Scorer } from '@kaefer/xgboost/scorer';
      const matrix = DMatrix.from({ data: Float32Array.of(1, 2), rows: 2, columns: 1 });
      const { booster } = await train(${parameters}, matrix, { rounds: 1 });
      export const margins: Float32Array = Scorer.fromModel(booster.save()).margins(Float32Array.of(1));
    `;
    expect(compile(program(`{ max_depth: 3, objective: 'binary:logistic' }`))).toEqual([]);
    for (const [wrong, seen] of [
      ['{ max_dept: 3 }', 'max_dept'],
      [`{ objective: 'binary:logistics' }`, 'binary:logistics'],
    ] as const) {
      const errors = compile(program(wrong));
      expect(errors).toHaveLength(1);
      expect(errors[0]).toContain(seen);
    }
  });

  test('trains with the library that the environment names, here and in a process of its own', () => {
    writeFileSync(
      join(project, 'program.js'),
      `import { DMatrix, train, Trainer } from '@kaefer/xgboost';
      const table = { data: Float32Array.of(1, 2), rows: 2, columns: 1, labels: Float32Array.of(0, 1) };
      const { booster } = await train({ nthread: 1 }, DMatrix.from(table, table), { rounds: 2 });
      const { model } = await Trainer.start({ nthread: 1 }, table, { rounds: 2 }).result;
      console.log(booster.rounds, Buffer.compare(model, booster.save()));`,
    );
    const library = findLibraryPath();
    expect(run(['program.js'], { XGBOOST_LIBRARY: library })).toEqual({
      status: 0,
      stdout: '2 0\n',
      stderr: '',
    });
  });

  test('has the command that fetches the library', () => {
    const library = findLibraryPath();
    const command = join(installed, 'bin', 'xgboost-library.mjs');
    expect(run([command], { XGBOOST_LIBRARY: library }).stdout.trim()).toBe(library);
  });

  test('holds what runs and what explains it, and neither sources nor tests', () => {
    const names = readdirSync(installed);
    expect(names).toEqual(expect.arrayContaining(['README.md', 'bin', 'dist', 'docs', 'package.json']));
    for (const name of ['src', 'test', 'golden']) expect(names).not.toContain(name);
  });
});
