import { describeError, type Locale, type StoredError } from '@kaefer/contracts';

/** An error inside an answer that is none itself. */
export interface ErrorView {
  code: string;
  title: string;
  detail: string;
}

export function errorView(error: StoredError, locale: Locale): ErrorView {
  const { title, detail } = describeError(error, locale);
  return { code: error.code, title, detail };
}
