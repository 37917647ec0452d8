// Builds what is out of date: every package and app from TypeScript to dist/, and the web app with Vite.
// A stamp beside each dist/ names the newest source it was made from, so that a start with nothing to do is quick.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** All files below a folder, as absolute paths, in name order. */
function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** A text that changes when any of the files, its size or its time of change does. */
function fingerprint(paths) {
  return paths
    .filter((path) => existsSync(path))
    .flatMap((path) => (statSync(path).isDirectory() ? filesBelow(path) : [path]))
    .map((path) => `${path.slice(root.length)} ${statSync(path).size} ${statSync(path).mtimeMs}`)
    .join('\n');
}

const stampOf = (folder) => join(folder, 'dist', '.stamp');
const upToDate = (folder, seen) =>
  existsSync(stampOf(folder)) && readFileSync(stampOf(folder), 'utf8') === seen;

async function buildNodeWorkspace(folder) {
  const seen = fingerprint([join(folder, 'src')]);
  if (upToDate(folder, seen)) return;
  const { build } = await import('esbuild');
  rmSync(join(folder, 'dist'), { recursive: true, force: true });
  await build({
    entryPoints: filesBelow(join(folder, 'src')).filter(
      (path) => path.endsWith('.ts') && !path.endsWith('.d.ts'),
    ),
    outdir: join(folder, 'dist'),
    outbase: join(folder, 'src'),
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    logLevel: 'warning',
    plugins: [{ name: 'ts-to-js', setup: rewriteImports }],
    bundle: false,
  });
  mkdirSync(join(folder, 'dist'), { recursive: true });
  writeFileSync(stampOf(folder), seen);
}

/** Sources import their neighbours as './name.ts'; what is built must say './name.js'. */
function rewriteImports(build) {
  build.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
    contents: readFileSync(path, 'utf8')
      .replace(/(from\s+'\.{1,2}\/[^']*)\.ts'/g, "$1.js'")
      .replace(/(import\('\.{1,2}\/[^']*)\.ts'/g, "$1.js'"),
    loader: 'ts',
  }));
}

async function buildWeb() {
  const folder = join(root, 'apps/web');
  const seen = fingerprint(
    ['src', 'index.html', 'vite.config.ts', 'public']
      .map((name) => join(folder, name))
      .concat(join(root, 'packages/contracts/src')),
  );
  if (upToDate(folder, seen)) return;
  const { build } = await import('vite');
  await build({ root: folder, configFile: join(folder, 'vite.config.ts'), logLevel: 'warn' });
  mkdirSync(join(folder, 'dist'), { recursive: true });
  writeFileSync(stampOf(folder), seen);
}

export async function buildAll() {
  const nodeWorkspaces = [
    ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}`),
    'apps/server',
    'apps/cli',
  ];
  for (const name of nodeWorkspaces)
    if (existsSync(join(root, name, 'src'))) await buildNodeWorkspace(join(root, name));
  if (existsSync(join(root, 'apps/web/index.html'))) await buildWeb();
}

// Arguments name workspaces: `node scripts/build.mjs packages/xgboost` builds that one.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2);
  for (const name of names) await buildNodeWorkspace(join(root, name));
  if (names.length === 0) await buildAll();
}
