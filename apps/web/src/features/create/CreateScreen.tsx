import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/Page.tsx';

export function CreateScreen() {
  const { t } = useTranslation();
  return <Page title={t('create.title')}>{null}</Page>;
}
