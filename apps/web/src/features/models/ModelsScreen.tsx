import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/Page.tsx';

export function ModelsScreen() {
  const { t } = useTranslation();
  return <Page title={t('models.title')}>{null}</Page>;
}
