import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/Page.tsx';

export function TrainScreen() {
  const { t } = useTranslation();
  return <Page title={t('train.title')}>{null}</Page>;
}
