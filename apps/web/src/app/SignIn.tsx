import { Button, Divider, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { signIn } from '../api/actions.ts';
import { isApiError } from '../api/api-error.ts';
import { sessionQuery } from '../api/queries.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { Page } from '../ui/Page.tsx';
import { Panel } from '../ui/Panel.tsx';
import { Logo } from './Logo.tsx';
import { SettingsMenu } from './SettingsMenu.tsx';
import classes from './Shell.module.css';

/** The server sends whoever opens a link that was used, or is too old, to this address. */
function cameByOldLink(): boolean {
  return new URLSearchParams(window.location.search).get('sign-in') === 'expired';
}

/** Shown while there is no session: how to get one. */
export function SignIn() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [token, setToken] = useState('');
  const entering = useMutation({
    mutationFn: signIn,
    onSuccess: (session) => queryClient.setQueryData(sessionQuery.queryKey, session),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (token.trim() !== '') entering.mutate(token.trim());
  };
  return (
    <>
      <header className={classes.header}>
        <div className={classes.bar}>
          <Logo project={undefined} />
          <div className={classes.settings}>
            <SettingsMenu />
          </div>
        </div>
      </header>
      <main>
        <Page title={t('signIn.title')} lead={t('signIn.lead')}>
          <Panel>
            {cameByOldLink() && (
              <Text fw={600} role="alert">
                {t('signIn.expired')}
              </Text>
            )}
            <Text>{t('signIn.lost')}</Text>
            <Divider />
            <form onSubmit={submit}>
              <Stack gap="md" maw={440}>
                <Text fw={600}>{t('signIn.or')}</Text>
                <PasswordInput
                  label={t('signIn.token')}
                  description={t('signIn.tokenHint')}
                  value={token}
                  autoComplete="off"
                  visibilityToggleButtonProps={{ 'aria-hidden': true }}
                  onChange={(event) => setToken(event.currentTarget.value)}
                />
                {entering.error && <ErrorNotice error={isApiError(entering.error) ? entering.error : null} />}
                <Button type="submit" loading={entering.isPending} style={{ alignSelf: 'flex-start' }}>
                  {t('signIn.submit')}
                </Button>
              </Stack>
            </form>
          </Panel>
        </Page>
      </main>
    </>
  );
}
