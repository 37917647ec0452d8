import type { Locale } from '@kaefer/contracts';
import { useTranslation } from 'react-i18next';
import { createFormat, type Format } from './format.ts';

const formats: Partial<Record<Locale, Format>> = {};

/** Numbers and dates in the language of the interface. */
export function useFormat(): Format {
  const { i18n } = useTranslation();
  const locale: Locale = i18n.language === 'pt-BR' ? 'pt-BR' : 'en';
  return (formats[locale] ??= createFormat(locale));
}
