import { Fieldset, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsEngineer } from './use-is-engineer.ts';

/** Fields that everybody may see and only an engineer may change; others are told so. */
export function EngineersOnly({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  const isEngineer = useIsEngineer();
  return (
    <Fieldset variant="unstyled" disabled={!isEngineer}>
      <Stack gap="lg">
        {!isEngineer && (
          <Text size="sm" c="dimmed">
            {t('people.engineersOnly')}
          </Text>
        )}
        {children}
      </Stack>
    </Fieldset>
  );
}
