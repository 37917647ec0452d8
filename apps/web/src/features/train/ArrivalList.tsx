import { watchedFolderName, type Arrival } from '@kaefer/contracts';
import { Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { cancelArrival } from '../../api/actions.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { ArrivalProgress } from '../files/ArrivalProgress.tsx';

/** Files on their way that this page did not send: from a feed, another person, or this one before the page was loaded. */
export function ArrivalList({ arrivals }: { readonly arrivals: readonly Arrival[] }) {
  return arrivals.map((arrival) => <ArrivalPanel key={arrival.id} arrival={arrival} />);
}

function ArrivalPanel({ arrival }: { readonly arrival: Arrival }) {
  const { t } = useTranslation();
  const stopping = useMutation({ mutationFn: () => cancelArrival(arrival.id) });
  const { filename, feed, stage } = arrival;
  const title = t(stage === 'checking' ? 'files.checking' : 'files.arriving', { filename });
  return (
    <Panel>
      <Group justify="space-between" wrap="nowrap">
        <div>
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {title}
          </Text>
          {feed !== null && (
            <Text size="sm" c="dimmed">
              {t('feeds.comesFrom', {
                feed: feed === watchedFolderName ? t('feeds.watchedTitle') : feed,
              })}
            </Text>
          )}
        </div>
        <Button
          variant="default"
          size="xs"
          loading={stopping.isPending}
          aria-label={`${t('files.stop')}: ${filename}`}
          onClick={() => stopping.mutate()}
        >
          {t('files.stop')}
        </Button>
      </Group>
      <ArrivalProgress arrival={arrival} title={title} />
      {stopping.error && <ErrorNotice error={stopping.error} />}
    </Panel>
  );
}
