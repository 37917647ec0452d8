import type { Arrival } from '@kaefer/contracts';
import { Progress, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';

/** How far a file is on its way to being an upload, in bytes and then in rows, as the server tells it. */
export function ArrivalProgress({ arrival, title }: { readonly arrival: Arrival; readonly title: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { stage, bytes, expectedBytes, checked } = arrival;
  const isChecking = stage === 'checking';
  const share = isChecking
    ? (checked?.fraction ?? null)
    : expectedBytes === null || expectedBytes === 0
      ? null
      : Math.min(1, bytes / expectedBytes);
  const text = isChecking
    ? checked === null
      ? t('files.checkingHint')
      : t('files.checkedRows', { rows: t('words.rows', { count: checked.rows }), pass: checked.pass })
    : expectedBytes === null
      ? t('files.received', { size: format.bytes(bytes) })
      : t('files.receivedOf', { size: format.bytes(bytes), whole: format.bytes(expectedBytes) });
  return (
    <>
      <Progress.Root size="lg">
        <Progress.Section
          value={(share ?? 1) * 100}
          animated={share === null || isChecking}
          striped={share === null || isChecking}
          aria-label={title}
        />
      </Progress.Root>
      <Text size="sm" c="dimmed" aria-live="off">
        {text}
      </Text>
    </>
  );
}
