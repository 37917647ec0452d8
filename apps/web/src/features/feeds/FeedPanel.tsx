import type { FeedAttempt, FeedState } from '@kaefer/contracts';
import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconClockPause,
  IconDownload,
  IconLoader,
  IconPencil,
  IconTrash,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Disclosure } from '../../ui/Disclosure.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Tag } from '../../ui/Tag.tsx';

interface Props {
  readonly state: FeedState;
  readonly onFetch: () => void;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
  /** What to show in place of the facts, while it is being changed. */
  readonly children?: ReactNode;
}

/** One place: what it is, when it is looked at, and how that went. */
export function FeedPanel({ state, onFetch, onEdit, onRemove, children }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { name, kind, feed, attempts, nextAt, isFetching } = state;
  const [last] = attempts;
  const title = kind === 'watched' ? t('feeds.watchedTitle') : name;
  return (
    <Panel
      title={title}
      text={kind === 'watched' ? t('feeds.watchedText') : t(`feeds.kinds.${kind}`)}
      actions={<StateTag state={state} />}
    >
      {children ?? (
        <>
          <Facts
            items={[
              { name: t('feeds.address'), value: state.address },
              ...(feed?.report ? [{ name: t('feeds.report'), value: feed.report }] : []),
              ...(feed !== null && 'secret' in feed && feed.secret !== null
                ? [{ name: t('feeds.secret'), value: feed.secret }]
                : []),
              ...(feed === null ? [] : [{ name: t('feeds.schedule'), value: <Schedule state={state} /> }]),
              ...(nextAt === null ? [] : [{ name: t('feeds.next'), value: format.dateTime(nextAt) }]),
              {
                name: t('feeds.last'),
                value: last === undefined ? t('feeds.never') : <Outcome attempt={last} />,
              },
            ]}
          />
          {last !== undefined && last.failures.length > 0 && <Failures attempt={last} />}
          {feed !== null && (
            <Group gap="sm">
              <Button
                leftSection={<IconDownload size={18} aria-hidden />}
                loading={isFetching}
                aria-label={`${t('feeds.fetch')}: ${name}`}
                onClick={onFetch}
              >
                {t('feeds.fetch')}
              </Button>
              <Button
                variant="default"
                leftSection={<IconPencil size={18} aria-hidden />}
                aria-label={`${t('feeds.edit')}: ${name}`}
                onClick={onEdit}
              >
                {t('feeds.edit')}
              </Button>
              <Button
                variant="default"
                leftSection={<IconTrash size={18} aria-hidden />}
                aria-label={`${t('feeds.remove')}: ${name}`}
                onClick={onRemove}
              >
                {t('feeds.remove')}
              </Button>
            </Group>
          )}
          {attempts.length > 1 && (
            <Disclosure title={t('feeds.history')}>
              <List listStyleType="none" spacing="sm">
                {attempts.map((attempt) => (
                  <List.Item key={attempt.at}>
                    <Outcome attempt={attempt} />
                    {attempt.failures.map(({ file, detail }) => (
                      <Text key={file} size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                        {file === null ? detail : `${file}: ${detail}`}
                      </Text>
                    ))}
                  </List.Item>
                ))}
              </List>
            </Disclosure>
          )}
        </>
      )}
    </Panel>
  );
}

function StateTag({ state: { isFetching, attempts, nextAt, kind } }: { readonly state: FeedState }) {
  const { t } = useTranslation();
  if (isFetching) return <Tag icon={<IconLoader size={16} aria-hidden />}>{t('feeds.fetching')}</Tag>;
  if ((attempts[0]?.failures.length ?? 0) > 0)
    return (
      <Tag tone="worse" icon={<IconAlertTriangle size={16} aria-hidden />}>
        {t('feeds.failing')}
      </Tag>
    );
  if (nextAt === null && kind !== 'watched')
    return <Tag icon={<IconClockPause size={16} aria-hidden />}>{t('feeds.onlyAsked')}</Tag>;
  return (
    <Tag tone="better" icon={<IconCircleCheck size={16} aria-hidden />}>
      {t('feeds.working')}
    </Tag>
  );
}

function Schedule({ state: { feed } }: { readonly state: FeedState }) {
  const { t } = useTranslation();
  if (feed === null) return null;
  const { schedule } = feed;
  switch (schedule.kind) {
    case 'every':
      return <>{t('feeds.everyMinutes', { count: schedule.minutes })}</>;
    case 'daily':
      return <>{t('feeds.dailyAt', { time: schedule.at })}</>;
    case 'asked':
      return <>{t('feeds.schedules.asked')}</>;
  }
}

/** When it was and what came of it, in a line. */
function Outcome({ attempt }: { readonly attempt: FeedAttempt }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { at, since, repeated, askedBy, taken, failures } = attempt;
  const result =
    taken.length > 0
      ? t('feeds.taken', { count: taken.length })
      : failures.length > 0
        ? t('feeds.failures', { count: failures.length })
        : t('feeds.nothingNew');
  return (
    <span>
      {format.dateTime(at)}: {result}
      {repeated > 1 && ` ${t('feeds.repeated', { count: repeated, since: format.dateTime(since) })}`}
      {askedBy !== null && ` ${t('feeds.askedBy', { by: askedBy })}`}
    </span>
  );
}

function Failures({ attempt: { failures } }: { readonly attempt: FeedAttempt }) {
  return (
    <Stack gap="sm">
      {failures.map(({ file, title, detail }) => (
        <Alert
          key={file}
          color="red"
          icon={<IconAlertTriangle aria-hidden />}
          title={title}
          styles={{ message: { overflowWrap: 'anywhere' } }}
        >
          {file !== null && (
            <Text size="sm" fw={600}>
              {file}
            </Text>
          )}
          <Text size="sm">{detail}</Text>
        </Alert>
      ))}
    </Stack>
  );
}
