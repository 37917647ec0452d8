import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/Page.tsx';

export function ModelScreen() {
  const { t } = useTranslation();
  return <Page title={t('models.details')}>{null}</Page>;
}
