import { phraseOf } from './phrases.ts';

/** The languages that Käfer speaks; every message exists in each of them. */
export const locales = ['en', 'pt-BR'] as const;
export type Locale = (typeof locales)[number];

/** A sentence in every language, with `{name}` where a parameter goes. */
export type Sentence = Readonly<Record<Locale, string>>;

export type Parameters = Readonly<Record<string, string | number>>;

/**
 * The language to answer in, from an `Accept-Language` header: the first listed one that we speak, by weight;
 * English when there is none.
 */
export function localeOf(acceptLanguage: string | undefined): Locale {
  const wishes = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...settings] = part.trim().split(';');
      const weight = settings
        .map((setting) => /^\s*q=([\d.]+)$/.exec(setting)?.[1])
        .find((q) => q !== undefined);
      return { tag: tag.toLowerCase(), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ tag, weight }) => tag !== '' && weight > 0)
    .sort((a, b) => b.weight - a.weight);
  for (const { tag } of wishes) {
    if (tag.startsWith('pt')) return 'pt-BR';
    if (tag.startsWith('en')) return 'en';
  }
  return 'en';
}

/** Fills a sentence's placeholders; numbers are written as the language writes them. A missing one stays visible. */
export function render(sentence: Sentence, parameters: Parameters, locale: Locale): string {
  return sentence[locale].replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = parameters[name];
    if (value === undefined) return placeholder;
    return typeof value === 'number'
      ? value.toLocaleString(locale)
      : (phraseOf(name, value)?.[locale] ?? value);
  });
}
