import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/Page.tsx';

export function CompareScreen() {
  const { t } = useTranslation();
  return <Page title={t('models.compare')}>{null}</Page>;
}
