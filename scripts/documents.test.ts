import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deltaErrorCodes } from '../packages/deltalake/src/delta-error.ts';
import { XGBOOST_ERRORS } from '../packages/xgboost/src/errors.ts';
import { TrainingSettings } from '../packages/contracts/src/index.ts';
import { readRepositoryFile, repositoryFiles, root } from './repository-files.ts';

const documents = repositoryFiles('.md');
const withoutCode = (text: string): string => text.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, '');

/** The anchors of a document's headings, as GitHub makes them. */
function anchorsOf(path: string): string[] {
  return [...readRepositoryFile(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );
}

/** The cells of the first table below a heading, without its head. */
function tableBelow(path: string, heading: string): string[][] {
  const text = readRepositoryFile(path);
  const start = text.indexOf(`\n${heading}\n`);
  expect(start, `${path} has the heading ${heading}`).toBeGreaterThan(-1);
  const rows = /\n((?:\|.*\n)+)/.exec(text.slice(start))?.[1]?.trim().split('\n') ?? [];
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const codesIn = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? '');

describe('links', () => {
  test('are looked for in more than one document', () => {
    expect(documents).toContain('README.md');
    expect(documents.length).toBeGreaterThan(30);
  });

  test.each(documents)('of %s lead somewhere', (path) => {
    const broken = [...withoutCode(readRepositoryFile(path)).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target]) => target ?? '')
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => {
        const [file = '', anchor] = target.split('#');
        const place = file === '' ? path : normalize(join(dirname(path), decodeURIComponent(file)));
        if (!existsSync(join(root, place))) return true;
        return anchor !== undefined && !anchorsOf(place).includes(anchor);
      });
    expect(broken).toEqual([]);
  });
});

describe('commands that documents name exist', () => {
  const scripts = Object.keys(
    (JSON.parse(readRepositoryFile('package.json')) as { scripts: Record<string, string> }).scripts,
  );

  test.each(documents)('in %s', (path) => {
    const text = readRepositoryFile(path);
    const named = [...text.matchAll(/\bnpm (?:run )?([a-z:]+)\b/g)].map(([, name]) => name ?? '');
    const ours = named.filter(
      (name) => !['install', 'ci', 'package', 'packages', 'workspace'].includes(name),
    );
    expect(ours.filter((name) => !scripts.includes(name))).toEqual([]);
    const programs = [...text.matchAll(/\bnode ((?:\.\.\/)*[\w./-]+\.m?js)\b/g)].map(
      ([, file]) => file ?? '',
    );
    const missing = programs
      .map((file) => file.replace(/\/dist\/(.*)\.js$/, '/src/$1.ts'))
      .filter((file) => !existsSync(join(root, file)) && !existsSync(join(root, dirname(path), file)));
    expect(missing).toEqual([]);
  });
});

describe('settings', () => {
  const source = readRepositoryFile('apps/server/src/config.ts');
  const flags = [...source.matchAll(/^ {8}'?([a-z-]+)'?: \{ type: '(string|boolean)' \}/gm)].map(
    ([, flag]) => `--${flag}`,
  );
  const variables = [...new Set([...source.matchAll(/KAFER_\w+/g)].map(([name]) => name))].sort();
  /** Read by the set-up, before there is a server. */
  const ofTheSetUp = ['KAFER_CHROMIUM', 'KAFER_XGBOOST_LIB'];

  test('are found in the source', () => {
    expect(flags.length).toBe(4);
    expect(variables).toContain('KAFER_PORT');
  });

  test.each([
    ['README.md', '## Settings', [...variables, ...ofTheSetUp].sort()],
    ['apps/server/README.md', '## Start', variables],
  ])('in %s are those of config.ts', (path, heading, expected) => {
    const rows = tableBelow(path, heading);
    const wordsOf = (column: number): string[] =>
      rows.flatMap((row) => codesIn(row[column])).map((code) => code.split(/[ =]/)[0] ?? '');
    expect(wordsOf(0).sort()).toEqual([...flags].sort());
    expect(wordsOf(1).sort()).toEqual(expected);
  });

  test('of a training in the engineer’s guide have the defaults of the schema', () => {
    const rows = tableBelow('docs/engineer-guide.md', '## Projects and their settings').length;
    expect(rows).toBeGreaterThan(0);
    const defaults = Object.entries(TrainingSettings.parse({}));
    const text = readRepositoryFile('docs/engineer-guide.md');
    for (const [name, value] of defaults) {
      const cells = new RegExp(`^\\| \`${name}\`.*$`, 'm')
        .exec(text)?.[0]
        .split('|')
        .map((cell) => cell.trim());
      expect(cells?.[3], name).toBe(typeof value === 'object' ? JSON.stringify(value) : String(value));
    }
  });
});

describe('errors of the libraries', () => {
  const metrics = readRepositoryFile('packages/metrics/src/metrics-error.ts');
  const factory = readRepositoryFile('packages/factory/src/factory-error.ts');
  test.each([
    ['## XgboostError (`@kaefer/xgboost`)', Object.keys(XGBOOST_ERRORS)],
    ['## DeltaError (`@kaefer/deltalake`)', [...deltaErrorCodes]],
    [
      '## MetricsError (`@kaefer/metrics`)',
      [...metrics.matchAll(/'(metrics_\w+)'/g)].map(([, code]) => code),
    ],
    [
      '## FactoryError (`@kaefer/factory`)',
      [...factory.matchAll(/'(factory_\w+)'/g)].map(([, code]) => code),
    ],
  ])('%s', (heading, codes) => {
    expect(codes.length).toBeGreaterThan(0);
    const written = tableBelow('docs/library-errors.md', heading).flatMap(([code]) => codesIn(code));
    expect(written.sort()).toEqual([...codes].sort());
  });
});

describe('dependencies', () => {
  interface Manifest {
    dependencies?: Record<string, string>;
    devDependencies?: Record<string, string>;
  }

  test('each have their reason in decision 0002, and no other is named', () => {
    const manifests = repositoryFiles('package.json').map(
      (path) => JSON.parse(readRepositoryFile(path)) as Manifest,
    );
    const used = manifests
      .flatMap(({ dependencies = {}, devDependencies = {} }) =>
        Object.keys({ ...dependencies, ...devDependencies }),
      )
      .filter((name) => !name.startsWith('@kaefer/'));
    const written = ['## At run time', '## To build, check and test'].flatMap((heading) =>
      tableBelow('docs/decisions/0002-dependencies.md', heading).flatMap(([names]) => codesIn(names)),
    );
    expect(written.sort()).toEqual([...new Set(used)].sort());
  });
});

describe('decisions', () => {
  const files = repositoryFiles('.md', 'docs/decisions').filter((path) => /\/\d{4}-/.test(path));

  test('are numbered without a gap, and listed with their titles', () => {
    const numbers = files.map((path) => Number(/\/(\d{4})-/.exec(path)?.[1])).sort((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    const list = readRepositoryFile('docs/decisions/README.md');
    for (const path of files) {
      const [, number, title] = /^# (\d{4}): (.+)$/m.exec(readRepositoryFile(path)) ?? [];
      expect(list).toContain(`- [${number}](${path.split('/').at(-1)}): ${title}`);
    }
  });

  test.each(files)('%s says what was decided, why, and what follows', (path) => {
    const text = readRepositoryFile(path);
    for (const part of ['Context', 'Decision', 'Why', 'Consequences']) expect(text).toContain(`**${part}.**`);
  });
});

describe('guides', () => {
  const parts = (path: string): string[] =>
    [...readRepositoryFile(path).matchAll(/^(#+|\| [-:])/gm)].map(([, mark]) => mark ?? '');

  test('of the operator have the same parts in both languages', () => {
    expect(parts('docs/operator-guide.pt-BR.md')).toEqual(parts('docs/operator-guide.en.md'));
  });
});
