import type { Locale } from '@kaefer/contracts';

/** The language to begin with: what was chosen before, else the first of the browser's that we speak, else English. */
export function preferredLocale(stored: string | null, browser: readonly string[]): Locale {
  for (const tag of [stored ?? '', ...browser]) {
    const language = tag.toLowerCase();
    if (language.startsWith('pt')) return 'pt-BR';
    if (language.startsWith('en')) return 'en';
  }
  return 'en';
}
