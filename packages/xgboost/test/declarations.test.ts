import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { declarations, type ArgumentType, type FunctionName } from '../src/native/declarations.ts';
import { nativeLibrary } from '../src/native/native-library.ts';

/** The C types that each kind of argument of the table may stand for. */
const C_TYPES: Record<ArgumentType, RegExp> = {
  handle: /^(const )?(DMatrixHandle|BoosterHandle|DataIterHandle)( const)?$/,
  handles: /^(const )?DMatrixHandle\[\]$/,
  text: /^(const char \*|char const \*)$/,
  texts: /^const char \*\*$|^const char \*\[\]$/,
  int: /^int$/,
  ulong: /^(const )?bst_ulong$/,
  float: /^float$/,
  floats: /^(const )?float \*$/,
  ints: /^const int \*$/,
  bytes: /^const void \*$/,
  outInt: /^int \*$/,
  outUlong: /^bst_ulong \*$/,
  outPointer: /^((DMatrixHandle|BoosterHandle) \*|.*\*\*+)$/,
  resetCallback: /^DataIterResetCallback \*$/,
  nextCallback: /^XGDMatrixCallbackNext \*$/,
  logCallback: /^void \(\*\)\(const char ?\*\)$/,
};

/** The prototypes in the comments of the table: name and C types of the parameters, without their names. */
function prototypes(): { name: string; types: string[] }[] {
  const source = readFileSync(new URL('../src/native/declarations.ts', import.meta.url), 'utf8');
  const comments = source.slice(source.indexOf('export const declarations')).replace(/\n\s*\/\/ {2,}/g, ' ');
  return [...comments.matchAll(/\/\/ XGB_DLL [\w ]+[ *](XG\w+)\((.*)\);/g)].map(
    ([, name = '', list = '']) => ({
      name,
      types: list === 'void' ? [] : list.split(/,(?![^(]*\))/).map(typeOfParameter),
    }),
  );
}

function typeOfParameter(parameter: string): string {
  const callback = /^\s*void \(\*\w+\)(\(.*\))$/.exec(parameter);
  if (callback) return `void (*)${callback[1]}`;
  const [, type = '', stars = '', brackets = ''] =
    /^\s*(.*?)\s*(\**)\s*\w+\s*(\[\])?$/.exec(parameter.replace(/\s*(\*+)\s*/, ' $1')) ?? [];
  return [type, stars + brackets].filter((part) => part !== '').join(stars === '' ? '' : ' ');
}

describe('the table of C functions', () => {
  const found = prototypes();

  test('has a prototype above each entry, in the same order', () => {
    expect(found.map(({ name }) => name)).toEqual(Object.keys(declarations));
  });

  test.each(found)('$name takes what its prototype says', ({ name, types }) => {
    const declared: readonly ArgumentType[] = declarations[name as FunctionName];
    expect(types).toHaveLength(declared.length);
    types.forEach((type, i) => expect(type).toMatch(C_TYPES[declared[i] as ArgumentType]));
  });

  test('names functions that the library has', () => {
    const library = nativeLibrary();
    const absent = (Object.keys(declarations) as FunctionName[]).filter((name) => !library.has(name));
    expect(absent).toEqual(
      library.version.major < 2
        ? [
            'XGDMatrixCreateFromURI',
            'XGDMatrixCreateFromColumnar',
            'XGExtMemQuantileDMatrixCreateFromCallback',
            'XGProxyDMatrixSetDataColumnar',
            'XGDMatrixGetQuantileCut',
            'XGBoosterTrainOneIter',
            'XGBoosterPredictFromColumnar',
          ]
        : [],
    );
  });
});

/** What golden/make_prototypes.py took from the library's own header. */
const headerOf = (version: string): Map<string, string> =>
  new Map(
    readFileSync(new URL(`../golden/c_api-${version}.txt`, import.meta.url), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf('(')), line]),
  );

describe('beside c_api.h', () => {
  const [oldest, newest] = ['1.7.6', '3.2.0'].map(headerOf) as [Map<string, string>, Map<string, string>];

  test('the table is in the header’s order', () => {
    expect(newest.size).toBeGreaterThan(90);
    const order = [...newest.keys()];
    const places = Object.keys(declarations).map((name) => order.indexOf(name));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  test.each(prototypes())('$name has its prototype, in every version that has it', ({ name, types }) => {
    const seen = `${name}(${types.map(canonical).join(', ')})`;
    const since = sinceOf(name);
    expect(newest.get(name)).toBe(seen);
    expect(oldest.get(name)).toBe(since === undefined ? seen : undefined);
  });
});

/** Spaces and the places of `const` differ between versions. */
function canonical(type: string): string {
  const stars = /[*[\]]+$/.exec(type.replaceAll(' ', ''))?.[0] ?? '';
  if (type.startsWith('void (*)')) return 'void (*)(const char *)';
  const words = type
    .replace(/[*[\]]/g, '')
    .trim()
    .split(/\s+/)
    .sort();
  return [words.join(' '), stars].filter((part) => part !== '').join(' ');
}

/** The version that the table says a function is there since; undefined for those that 1.7 has. */
function sinceOf(name: string): string | undefined {
  const source = readFileSync(new URL('../src/native/declarations.ts', import.meta.url), 'utf8');
  const comments = source.slice(source.indexOf('export const declarations')).replace(/\n\s*\/\/ {2,}/g, ' ');
  return new RegExp(`${name}\\([^\\n]*\\);\\s+\\(since ([\\d.]+)\\)`).exec(comments)?.[1];
}
