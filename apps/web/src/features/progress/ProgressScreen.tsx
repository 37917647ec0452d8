import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/Page.tsx';

export function ProgressScreen() {
  const { t } = useTranslation();
  return <Page title={t('progress.title')}>{null}</Page>;
}
