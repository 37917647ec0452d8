import { execFile } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const source = fileURLToPath(new URL('../src/', import.meta.url));
/** Inside the repository, so that koffi resolves; ignored by git. */
const folder = fileURLToPath(new URL('../../../.cache/xgboost-test/', import.meta.url));

export interface ChildResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a program that imports `@kaefer/xgboost` in a Node process of its own, on the sources as they are, or with `isBuilt` on
 * what was built of them, as a program needs that starts a process of the package.
 */
export async function runChild(
  name: string,
  program: string,
  options: { timeoutMs?: number; isBuilt?: boolean } = {},
): Promise<ChildResult> {
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `${name}-${process.pid}.mjs`);
  await build({
    stdin: { contents: program, loader: 'ts', resolveDir: source },
    alias: options.isBuilt
      ? {}
      : {
          '@kaefer/xgboost/scorer': join(source, 'scorer/index.ts'),
          '@kaefer/xgboost': join(source, 'index.ts'),
        },
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['koffi', '@duckdb/node-api', ...(options.isBuilt ? ['@kaefer/xgboost'] : [])],
    outfile,
    logLevel: 'silent',
  });
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [outfile], {
      timeout: options.timeoutMs ?? 60_000,
    });
    return { code: 0, signal: null, stdout, stderr };
  } catch (error) {
    const { code, signal, stdout, stderr } = error as ChildResult;
    return { code, signal, stdout, stderr };
  } finally {
    rmSync(outfile, { force: true });
  }
}
