import { Skeleton, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Grey bars in the place of what is being loaded. */
export function Waiting({ heights = [140, 220] }: { heights?: readonly number[] }) {
  const { t } = useTranslation();
  return (
    <Stack gap="lg" role="status">
      <span className="visually-hidden">{t('app.loading')}</span>
      {heights.map((height, index) => (
        <Skeleton key={index} height={height} radius="lg" aria-hidden />
      ))}
    </Stack>
  );
}
