import type { Locale } from '@kaefer/contracts';
import { createInstance } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en.ts';
import { preferredLocale } from './preferred-locale.ts';
import { ptBr } from './pt-br.ts';

const storageKey = 'kaefer.language';

function storedLocale(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

export const i18n = createInstance();

/**
 * Portuguese has a third plural form, used from a million on ("1 milhão de linhas"). Our texts write the number
 * in digits, where it reads like the ordinary plural; so the ordinary one is given for both.
 */
function withManyForm(texts: object): object {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([key, value]: [string, unknown]) => {
      const entry = [key, typeof value === 'object' && value !== null ? withManyForm(value) : value];
      return key.endsWith('_other') ? [entry, [key.replace(/_other$/, '_many'), value]] : [entry];
    }),
  ) as object;
}

export async function startI18n(): Promise<void> {
  await i18n.use(initReactI18next).init({
    lng: preferredLocale(storedLocale(), typeof navigator === 'undefined' ? [] : navigator.languages),
    fallbackLng: 'en',
    supportedLngs: ['en', 'pt-BR'] satisfies Locale[],
    resources: {
      en: { translation: en },
      'pt-BR': { translation: withManyForm(ptBr) },
    },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  showLanguage(i18n.language);
  i18n.on('languageChanged', showLanguage);
}

function showLanguage(language: string): void {
  document.documentElement.lang = language;
}

export async function chooseLanguage(language: Locale): Promise<void> {
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    // Without storage the choice lasts until the page is closed.
  }
  await i18n.changeLanguage(language);
}
