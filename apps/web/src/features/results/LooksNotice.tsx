import { mostLooks, type Comparison } from '@kaefer/contracts';
import { Alert, Stack, Text } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { useIsEngineer } from '../project/use-is-engineer.ts';

/** Says that much was chosen on the same test rows, so that luck counts for more than the intervals tell. */
export function LooksNotice({ comparison }: { readonly comparison: Comparison }) {
  const { t } = useTranslation();
  const isEngineer = useIsEngineer();
  const { looks = 0, collecting } = comparison.holdout;
  if (looks < mostLooks) return null;
  return (
    <Alert color="yellow" icon={<IconEye aria-hidden />} title={t('results.looksTitle', { count: looks })}>
      <Stack gap="sm" align="flex-start">
        <Text>{t('results.looksText')}</Text>
        {collecting ? (
          <Text>{t('holdouts.underWay', collecting)}</Text>
        ) : isEngineer ? (
          <LinkButton
            variant="default"
            to="/projects/$project/settings"
            params={{ project: comparison.project }}
          >
            {t('holdouts.offer')}
          </LinkButton>
        ) : (
          <Text>{t('holdouts.askEngineer')}</Text>
        )}
      </Stack>
    </Alert>
  );
}
