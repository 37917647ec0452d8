import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { errorsDocument } from '../../../scripts/errors-document.mjs';
import {
  describeError,
  errorCatalogue,
  isErrorCode,
  KaeferError,
  localeOf,
  locales,
  render,
  toStoredError,
  uploadProblemCatalogue,
  type Sentence,
} from '../src/index.ts';

const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();

const sentences: [name: string, sentence: Sentence][] = [
  ...Object.entries(errorCatalogue).flatMap(([code, { title, detail }]): [string, Sentence][] => [
    [`${code}, title`, title],
    [`${code}, detail`, detail],
  ]),
  ...Object.entries(uploadProblemCatalogue).map(([code, { message }]): [string, Sentence] => [code, message]),
];

describe('messages', () => {
  test.each(sentences)('%s says the same in every language', (_name, sentence) => {
    for (const locale of locales) {
      expect(sentence[locale].trim()).not.toBe('');
      expect(placeholders(sentence[locale])).toEqual(placeholders(sentence.en));
    }
    expect(sentence['pt-BR']).not.toBe(sentence.en);
  });

  test('docs/errors.md lists every code, and no other', () => {
    const written = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
    const codes = (text: string): string[] =>
      [...text.matchAll(/^\| `(\w+)` /gm)].map(([, code]) => code ?? '');
    const made = errorsDocument(errorCatalogue, uploadProblemCatalogue);
    expect(codes(written)).toEqual(codes(made));
    const plain = (text: string): string => text.replace(/[\s|-]+/g, ' ');
    expect(plain(written)).toBe(plain(made));
  });

  test('render fills placeholders, writes numbers as the language does and leaves unknown ones visible', () => {
    const sentence = { en: '{count} of {name} {other}', 'pt-BR': '{count} de {name} {other}' };
    expect(render(sentence, { count: 12_345, name: 'x' }, 'en')).toBe('12,345 of x {other}');
    expect(render(sentence, { count: 12_345, name: '{count}' }, 'pt-BR')).toBe('12.345 de {count} {other}');
  });

  test.each([
    [undefined, 'en'],
    ['', 'en'],
    ['pt-BR,pt;q=0.9,en;q=0.8', 'pt-BR'],
    ['en-GB,en;q=0.9,pt;q=0.8', 'en'],
    ['de,pt;q=0.5,en;q=0.9', 'en'],
    ['fr', 'en'],
    ['en;q=0, pt', 'pt-BR'],
    ['PT', 'pt-BR'],
  ])('Accept-Language %s is answered in %s', (header, locale) => {
    expect(localeOf(header)).toBe(locale);
  });
});

describe('errors', () => {
  test('carry a code and parameters, and are told in the language of the reader', () => {
    const error = new KaeferError('project_not_found', { project: 'x' });
    expect(error.message).toContain('x');
    expect(describeError(toStoredError(error), 'pt-BR')).toEqual({
      title: 'Projeto inexistente',
      detail: 'Não existe o projeto x. Escolha um da lista.',
      status: 404,
    });
  });

  test('what is not ours becomes an internal error that keeps its message', () => {
    expect(toStoredError(new TypeError('boom'))).toEqual({
      code: 'internal_error',
      parameters: { reason: 'boom' },
    });
    expect(toStoredError('odd')).toEqual({ code: 'internal_error', parameters: { reason: 'odd' } });
  });

  test('codes are told from other words, also from names that every object has', () => {
    expect(isErrorCode('no_data')).toBe(true);
    expect(isErrorCode('toString')).toBe(false);
  });
});

test('a disk that is full is told as that, whoever met it', () => {
  const system = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  const engine = new Error('IO Error: Could not write file "x": No space left on device');
  for (const error of [system, engine, new Error('the stage failed', { cause: system })])
    expect(toStoredError(error)).toEqual({ code: 'disk_full', parameters: {} });
  expect(toStoredError(new Error('something else')).code).toBe('internal_error');
});
