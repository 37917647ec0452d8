import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { filesBelow, root } from './repository-files.ts';

const longestFile = 400;

/** Files that earn their length: catalogues of texts. */
const longFiles = [
  'apps/web/src/i18n/en.ts',
  'apps/web/src/i18n/pt-br.ts',
  'packages/contracts/src/error-catalogue.ts',
  'packages/contracts/src/upload-problem-catalogue.ts',
];

/** Which packages of ours each workspace's sources may import. */
const allowedPackages: Readonly<Record<string, readonly string[]>> = {
  'packages/contracts': [],
  'packages/deltalake': [],
  'packages/factory': [],
  'packages/metrics': [],
  'packages/xgboost': [],
  'packages/pipeline': ['contracts', 'deltalake', 'metrics', 'xgboost'],
  'apps/server': ['contracts', 'factory', 'pipeline'],
  'apps/cli': ['contracts', 'pipeline'],
  'apps/web': ['contracts'],
};

/** The pipeline's folders that every stage may use, and what each of them may use. */
const base: Readonly<Record<string, readonly string[]>> = {
  sql: [],
  lake: ['sql'],
  features: ['sql', 'lake'],
  state: ['sql', 'lake', 'features'],
  understand: ['sql', 'lake', 'features'],
  contract: ['sql', 'lake', 'features', 'state', 'understand'],
};
/** In the order of a run. A stage uses the base, and of earlier stages their types. */
const stages = [
  'receive',
  'check',
  'recipe',
  'merge',
  'prepare',
  'train',
  'evaluate',
  'decide',
  'publish',
  'serve',
  'outcomes',
  'maintain',
];
/** Where one stage does use another, and why. */
const stageUses: Readonly<Record<string, string>> = {
  'recipe/derive-rows.ts -> check/check-header.ts': 'what a recipe makes is looked at as a file is',
  'recipe/derive-rows.ts -> check/first-look.ts': 'what a recipe makes is looked at as a file is',
  'recipe/derive-rows.ts -> check/outcomes.ts': 'what a recipe makes is looked at as a file is',
  'recipe/derive-rows.ts -> check/report.ts': 'what a recipe makes is looked at as a file is',
  'merge/mirror-rows.ts -> recipe/derived-relation.ts': 'a trial counts what the merge will do',
  'train/reproduce-model.ts -> prepare/index.ts': 'a model is trained again from the data on',
  'decide/decide.ts -> publish/publish-decision.ts': 'a decision ends with its file in the lake',
  'decide/decide.ts -> publish/publish-run.ts': 'a decision ends with its file in the lake',
  'decide/propose.ts -> publish/publish-decision.ts': 'a decision ends with its file in the lake',
  'decide/propose.ts -> publish/publish-proposal.ts': 'a proposal ends with its file in the lake',
  'decide/propose.ts -> publish/publish-run.ts': 'a proposal ends with its file in the lake',
  'maintain/rebuild-database.ts -> decide/propose.ts': 'the audit of what was proposed is told from its file',
  'maintain/rescore-holdout.ts -> evaluate/score-holdout.ts':
    'a model is asked for the scores it was compared by',
  'maintain/rescore-holdout.ts -> evaluate/holdout-file.ts':
    'a model is asked for the scores it was compared by',
};

interface Import {
  /** Relative to the repository. */
  readonly file: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

const isSource = (path: string): boolean => /\.tsx?$/.test(path) && !/\.test\.tsx?$|\.d\.ts$/.test(path);
const workspaces = ['packages', 'apps'].flatMap((group) =>
  readdirSync(join(root, group)).map((name) => `${group}/${name}`),
);

/** Every import of a file: statements, re-exports, `import()` of values and of types. */
function importsOf(path: string): Import[] {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const file = relative(root, path).split(sep).join('/');
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (specifier !== undefined && ts.isStringLiteralLike(specifier))
      found.push({ file, specifier: specifier.text, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { namedBindings } = clause;
  return (
    clause.name === undefined &&
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.length > 0 &&
    namedBindings.elements.every((element) => element.isTypeOnly)
  );
}

const sources = workspaces.flatMap((workspace) => filesBelow(join(root, workspace, 'src'), isSource));
const imports = sources.flatMap(importsOf);
const workspaceOf = (file: string): string => file.split('/').slice(0, 2).join('/');
const isRelative = ({ specifier }: Import): boolean => specifier.startsWith('.');
const show = ({ file, specifier }: Import): string => `${file} -> ${specifier}`;
/** `@scope/name/deep/path` and `name/path` without the path. */
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
/** Where a relative import leads, relative to the repository. */
const targetOf = ({ file, specifier }: Import): string =>
  relative(root, join(root, dirname(file), specifier))
    .split(sep)
    .join('/');

describe('imports', () => {
  test('are found at all, of every kind', () => {
    expect(imports.length).toBeGreaterThan(500);
    expect(imports.some(({ typeOnly }) => typeOnly)).toBe(true);
    expect(imports.map(show)).toContain(
      'packages/pipeline/src/worker/perform-job.ts -> ../check/check-file.ts',
    );
  });

  test('of our packages point inward only', () => {
    expect(Object.keys(allowedPackages).sort()).toEqual([...workspaces].sort());
    const wrong = imports.filter(({ file, specifier }) => {
      const [, name] = /^@kaefer\/([^/]+)/.exec(specifier) ?? [];
      return name !== undefined && allowedPackages[workspaceOf(file)]?.includes(name) !== true;
    });
    expect(wrong.map(show)).toEqual([]);
  });

  test('stay within their package when they are relative', () => {
    const leaving = imports.filter(
      (entry) => isRelative(entry) && !targetOf(entry).startsWith(`${workspaceOf(entry.file)}/src/`),
    );
    expect(leaving.map(show)).toEqual([]);
  });

  test('name only what the package itself depends on', () => {
    const missing = imports.filter((entry) => {
      if (isRelative(entry) || entry.specifier.startsWith('node:')) return false;
      const workspace = workspaceOf(entry.file);
      const { dependencies = {} } = JSON.parse(
        readFileSync(join(root, workspace, 'package.json'), 'utf8'),
      ) as { dependencies?: Record<string, string> };
      return !Object.hasOwn(dependencies, packageOf(entry.specifier)) && !/\.css$/.test(entry.specifier);
    });
    expect([
      ...new Set(missing.map(({ file, specifier }) => `${workspaceOf(file)}: ${packageOf(specifier)}`)),
    ]).toEqual([]);
  });

  test('in the pipeline go from a stage to the base, and to earlier stages for types alone', () => {
    const inside = 'packages/pipeline/src/';
    const folderOf = (path: string): string => path.slice(inside.length).split('/')[0] ?? '';
    const folders = readdirSync(join(root, inside), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
    expect(folders.sort()).toEqual([...Object.keys(base), ...stages, 'worker'].sort());
    const uses = new Set<string>();
    const wrong = imports.filter((entry) => {
      if (!entry.file.startsWith(inside) || !isRelative(entry) || entry.file === `${inside}index.ts`)
        return false;
      const [from, to] = [folderOf(entry.file), folderOf(targetOf(entry))];
      if (from === to || from === 'worker') return false;
      if (Object.hasOwn(base, to)) return stages.includes(from) ? false : base[from]?.includes(to) !== true;
      if (stages.indexOf(to) < stages.indexOf(from) && entry.typeOnly) return false;
      const use = `${entry.file.slice(inside.length)} -> ${targetOf(entry).slice(inside.length)}`;
      uses.add(use);
      return !Object.hasOwn(stageUses, use);
    });
    expect(wrong.map(show)).toEqual([]);
    expect([...uses].sort()).toEqual(Object.keys(stageUses).sort());
  });
});

describe('files and folders', () => {
  test('have names that say what is in them', () => {
    const catchAll = filesBelow(root, (path) => isSource(path) || /\.(mjs|js|test\.tsx?)$/.test(path))
      .map((path) => relative(root, path).split(sep).join('/'))
      .filter((path) => /(^|\/)(utils?|helpers?|common|misc|shared|lib)(\/|\.[a-z]+$)/.test(path));
    expect(catchAll).toEqual([]);
  });

  test('are short enough to be read', () => {
    const lengths = sources
      .map((path) => ({
        file: relative(root, path).split(sep).join('/'),
        lines: readFileSync(path, 'utf8').trimEnd().split('\n').length,
      }))
      .filter(({ lines }) => lines > longestFile);
    expect(lengths.map(({ file }) => file).sort()).toEqual(longFiles);
  });
});
