import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/Page.tsx';

export function ResultsScreen() {
  const { t } = useTranslation();
  return <Page title={t('results.title')}>{null}</Page>;
}
