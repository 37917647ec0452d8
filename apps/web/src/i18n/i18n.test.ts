import { describe, expect, test } from 'vitest';
import { en } from './en.ts';
import { createFormat } from './format.ts';
import { preferredLocale } from './preferred-locale.ts';
import { ptBr } from './pt-br.ts';

/** Every text by its path, such as `home.title`. */
function textsOf(node: object, path = ''): Map<string, string> {
  return new Map(
    Object.entries(node).flatMap(([key, value]: [string, unknown]) =>
      typeof value === 'string' ? [[path + key, value]] : [...textsOf(value as object, `${path}${key}.`)],
    ),
  );
}
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)/g)].map((match) => match[1]).sort();

describe('the texts', () => {
  const english = textsOf(en);
  const portuguese = textsOf(ptBr);

  test('exist in both languages, and none is empty', () => {
    expect([...portuguese.keys()].sort()).toEqual([...english.keys()].sort());
    for (const text of [...english.values(), ...portuguese.values()]) expect(text.trim()).not.toBe('');
  });

  test('use the same placeholders in both languages', () => {
    for (const [path, text] of english)
      expect(placeholders(portuguese.get(path) ?? ''), path).toEqual(placeholders(text));
  });
});

describe('the language to begin with', () => {
  test.each([
    ['pt-BR', ['en-US'], 'pt-BR'],
    [null, ['pt-PT', 'en'], 'pt-BR'],
    [null, ['de-DE', 'en-GB'], 'en'],
    [null, ['de-DE'], 'en'],
    ['nonsense', ['pt'], 'pt-BR'],
  ])('stored %s, browser %s: %s', (stored, browser, expected) => {
    expect(preferredLocale(stored, browser)).toBe(expected);
  });
});

describe('numbers and dates', () => {
  const pt = createFormat('pt-BR');
  const english = createFormat('en');

  test('follow the language', () => {
    expect(pt.integer(12345)).toBe('12.345');
    expect(english.integer(12345)).toBe('12,345');
    expect(pt.number(0.91234)).toBe('0,912');
    expect(english.percent(0.123, 1)).toBe('12.3%');
    expect(english.signed(0.01)).toBe('+0.010');
    expect(pt.number(null)).toBe('–');
  });

  test('durations are minutes and seconds, then hours', () => {
    expect(english.duration(65_400)).toBe('1:05');
    expect(english.duration(7_207_000)).toBe('2:00:07');
    expect(english.duration(-5)).toBe('0:00');
  });

  test('ages are told in words', () => {
    const now = Date.parse('2026-03-10T12:00:00Z');
    expect(english.ago('2026-03-07T12:00:00Z', now)).toBe('3 days ago');
    expect(english.ago('2026-01-30T12:00:00Z', now)).toBe('39 days ago');
    expect(english.ago('2025-11-01T12:00:00Z', now)).toBe('4 months ago');
    expect(pt.ago('2026-03-10T11:59:50Z', now)).toBe('este minuto');
    expect([pt.day('2026-06-30'), english.day('2026-06-30')]).toEqual(['30/06/2026', '2026-06-30']);
  });

  test('sizes use the unit that fits', () => {
    expect(english.bytes(4_200_000)).toBe('4.2 MB');
    expect(english.bytes(812)).toBe('812 byte');
  });
});
