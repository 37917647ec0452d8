import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { declarations, type ArgumentType, type FunctionName } from '../src/native/declarations.ts';
import { nativeLibrary } from '../src/native/native-library.ts';

/** The C types that each kind of argument of the table may stand for. */
const C_TYPES: Record<ArgumentType, RegExp> = {
  handle: /^(const )?(DMatrixHandle|BoosterHandle|DataIterHandle)$/,
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
      library.version.major < 2 ? ['XGDMatrixCreateFromColumnar', 'XGBoosterTrainOneIter'] : [],
    );
  });
});
