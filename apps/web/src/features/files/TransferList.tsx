import type { Arrival } from '@kaefer/contracts';
import { Button, Group, Progress, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { ArrivalProgress } from './ArrivalProgress.tsx';
import classes from './TransferList.module.css';
import type { Transfer } from './use-file-transfers.ts';

/** The files on their way, and those that were refused. */
export function TransferList({
  transfers,
  arrivals = [],
  onRemove,
}: {
  transfers: readonly Transfer[];
  /** What the server says of them. */
  arrivals?: readonly Arrival[];
  onRemove: (id: number) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div aria-live="polite" className={classes.transfers}>
      <>
        {transfers.map((transfer) => {
          const { filename } = transfer;
          if (transfer.error !== null)
            return (
              <Panel key={transfer.id} title={t('files.failed', { filename })}>
                <ErrorNotice error={transfer.error} />
                <Group>
                  <Button variant="default" onClick={() => onRemove(transfer.id)}>
                    {t('app.dismiss')}
                  </Button>
                </Group>
              </Panel>
            );
          const arrived = transfer.share >= 1;
          const arrival = arrivals.find(({ reference }) => reference === transfer.reference);
          const title = transfer.waits
            ? filename
            : arrived
              ? t('files.checking', { filename })
              : t('files.sending', { filename });
          return (
            <Panel key={transfer.id}>
              <Group justify="space-between" wrap="nowrap">
                <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
                  {title}
                </Text>
                <Button variant="default" size="xs" onClick={() => onRemove(transfer.id)}>
                  {t('files.stop')}
                </Button>
              </Group>
              {arrived && arrival !== undefined ? (
                <ArrivalProgress arrival={arrival} title={title} />
              ) : (
                <>
                  <Progress.Root size="lg">
                    <Progress.Section
                      value={transfer.share * 100}
                      animated={arrived}
                      striped={arrived}
                      aria-label={title}
                    />
                  </Progress.Root>
                  <Text size="sm" c="dimmed" aria-live="off">
                    {transfer.waits
                      ? t('files.waitsForTurn', { size: format.bytes(transfer.bytes) })
                      : arrived
                        ? t('files.checkingHint')
                        : t('files.sent', {
                            share: format.percent(transfer.share),
                            size: format.bytes(transfer.bytes),
                          })}
                  </Text>
                </>
              )}
            </Panel>
          );
        })}
      </>
    </div>
  );
}
