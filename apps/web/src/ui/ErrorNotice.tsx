import { Alert, Button, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isApiError } from '../api/api-error.ts';

interface Props {
  readonly error: unknown;
  readonly onRetry?: () => void;
  readonly children?: ReactNode;
}

/** What went wrong and what to do, in the server's words. */
export function ErrorNotice({ error, onRetry, children }: Props) {
  const { t } = useTranslation();
  const known = isApiError(error) ? error : null;
  return (
    <Alert
      role="alert"
      color="red"
      icon={<IconAlertTriangle aria-hidden />}
      title={known?.title ?? t('errors.screenTitle')}
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{known?.detail ?? t('errors.screenDetail')}</Text>
        {known?.problems && known.problems.length > 0 && (
          <List size="sm">
            {known.problems.map((problem, index) => (
              <List.Item key={index}>
                {'path' in problem && problem.path !== ''
                  ? `${problem.path}: ${problem.message}`
                  : problem.message}
              </List.Item>
            ))}
          </List>
        )}
        {children}
        {onRetry && (
          <Button variant="default" size="sm" onClick={onRetry}>
            {t('app.retry')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
