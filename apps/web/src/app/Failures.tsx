import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { LinkButton } from '../ui/LinkButton.tsx';
import { Page } from '../ui/Page.tsx';

/** An address that leads nowhere. */
export function NotFound() {
  const { t } = useTranslation();
  return (
    <Page title={t('app.notFoundTitle')} lead={t('app.notFoundDetail')}>
      <div>
        <LinkButton to="/">{t('app.toHome')}</LinkButton>
      </div>
    </Page>
  );
}

/** A screen that failed to show. */
export function ScreenFailure({ error }: { error: unknown }) {
  const { t } = useTranslation();
  return (
    <Page title={t('errors.screenTitle')}>
      <ErrorNotice error={error}>
        <Button variant="default" onClick={() => window.location.reload()}>
          {t('errors.reload')}
        </Button>
      </ErrorNotice>
    </Page>
  );
}
