import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/Page.tsx';

export function ExecuteScreen() {
  const { t } = useTranslation();
  return <Page title={t('execute.title')}>{null}</Page>;
}
