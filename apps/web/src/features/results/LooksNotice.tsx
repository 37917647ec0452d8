import { mostLooks, type Comparison } from '@kaefer/contracts';
import { Alert, Text } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** Says that much was chosen on the same test rows, so that luck counts for more than the intervals tell. */
export function LooksNotice({ comparison }: { readonly comparison: Comparison }) {
  const { t } = useTranslation();
  const { looks = 0 } = comparison.holdout;
  if (looks < mostLooks) return null;
  return (
    <Alert color="yellow" icon={<IconEye aria-hidden />} title={t('results.looksTitle', { count: looks })}>
      <Text>{t('results.looksText')}</Text>
    </Alert>
  );
}
