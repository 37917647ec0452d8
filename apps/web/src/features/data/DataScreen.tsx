import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/Page.tsx';

export function DataScreen() {
  const { t } = useTranslation();
  return <Page title={t('data.title')}>{null}</Page>;
}
