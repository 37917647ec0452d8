import { describe, expect, test } from 'vitest';
import { findLibraryPath, loadLibrary, XgboostError } from '../src/index.ts';
import { NativeLibrary, nativeLibrary } from '../src/native/native-library.ts';
import { DMatrix, Booster } from '../src/index.ts';
import { randomTable } from './random-table.ts';

describe('the library', () => {
  test('is loaded once, and tells its version and how it was built', () => {
    const library = loadLibrary();
    expect(loadLibrary()).toBe(library);
    expect(loadLibrary(library.path)).toBe(library);
    expect(library.version.major).toBeGreaterThanOrEqual(1);
    expect(library.buildInfo()).toHaveProperty('USE_OPENMP');
    expect(() => loadLibrary('/another/libxgboost.so')).toThrow(
      expect.objectContaining({ code: 'XGBOOST_LIBRARY_ALREADY_LOADED' }),
    );
  });

  test('is looked for where it was asked for, then where the environment says', () => {
    const here = loadLibrary().path;
    expect(findLibraryPath(here, { KAFER_XGBOOST_LIB: '/nowhere' })).toBe(here);
    expect(findLibraryPath(undefined, { KAFER_XGBOOST_LIB: here })).toBe(here);
    expect(findLibraryPath(undefined, { XGBOOST_LIBRARY: here })).toBe(here);
    expect(findLibraryPath(undefined, { KAFER_XGBOOST_LIB: here, XGBOOST_LIBRARY: '/nowhere' })).toBe(here);
    for (const name of ['KAFER_XGBOOST_LIB', 'XGBOOST_LIBRARY'])
      expect(() => findLibraryPath(undefined, { [name]: '/nowhere' })).toThrow(
        expect.objectContaining({
          code: 'XGBOOST_LIBRARY_NOT_FOUND',
          message: expect.stringContaining(`${name} names /nowhere`) as string,
        }),
      );
  });

  test('is refused when it is not XGBoost', () => {
    const wrong = expect.objectContaining({ code: 'XGBOOST_LIBRARY_UNUSABLE' }) as Error;
    expect(() => new NativeLibrary(import.meta.filename)).toThrow(wrong);
  });

  test('tells of a function it lacks', () => {
    const call = () => nativeLibrary().call('XGNoSuchFunction' as 'XGBuildInfo', [null]);
    expect(call).toThrow(XgboostError);
  });

  test('hands its log lines to the listener, also when that one throws', () => {
    const lines: string[] = [];
    loadLibrary().onLog((line) => {
      lines.push(line);
      throw new Error('the listener failed');
    });
    const table = randomTable({ rows: 30, columns: 2, seed: 4 });
    const matrix = DMatrix.fromDense(table.data, table, { labels: table.labels });
    const booster = Booster.create({ verbosity: 3, max_depth: 2 }, [matrix]);
    booster.update(matrix, 0);
    booster.setParameters({ verbosity: 1 });
    booster.dispose();
    expect(lines.length).toBeGreaterThan(0);
    loadLibrary().onLog((line) => process.stderr.write(`${line}\n`));
  });
});
