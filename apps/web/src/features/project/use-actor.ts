import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** What the program calls itself where a decision was nobody's. */
const automatic = 'automatic';

/** Who did something, as people read it. */
export function useActor(): (by: string) => string {
  const { t } = useTranslation();
  return useCallback((by) => (by === automatic ? t('words.automatically') : by), [t]);
}
