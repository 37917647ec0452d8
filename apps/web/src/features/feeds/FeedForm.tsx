import type { FeedRequestInput, Feed, Project } from '@kaefer/contracts';
import { Button, Group, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { choicesOf, feedKinds, problemsOf, requestOf, type FeedChoices } from './feed-choices.ts';

interface Props {
  readonly project: Project;
  /** Null for a new one. */
  readonly feed: Feed | null;
  /** Names that a new one cannot have. */
  readonly otherNames: readonly string[];
  readonly pending: boolean;
  readonly error: unknown;
  readonly onSave: (name: string, request: FeedRequestInput) => void;
  readonly onClose: () => void;
}

const schedules = ['every', 'daily', 'asked'] as const;
const uses = ['bearer', 'basic', 'header', 'query'] as const;

/** Where files are fetched, when, and with which secret. */
export function FeedForm({ project, feed, otherNames, pending, error, onSave, onClose }: Props) {
  const { t } = useTranslation();
  const [choices, setChoices] = useState(() => choicesOf(feed));
  const [isTried, setTried] = useState(false);
  const set = (part: Partial<FeedChoices>) => setChoices((before) => ({ ...before, ...part }));
  const problems = problemsOf(choices, feed === null ? otherNames : []);
  const problemOf = (field: keyof FeedChoices) => {
    const problem = problems[field];
    return isTried && problem !== undefined && t(`feeds.problems.${problem}`);
  };
  const field = (name: keyof FeedChoices) => ({
    value: choices[name],
    error: problemOf(name),
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(problems).length === 0) onSave(choices.name, requestOf(choices));
  };
  const { kind } = choices;
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ alignItems: 'start' }}>
          <TextInput
            label={t('feeds.name')}
            description={t('feeds.nameHint')}
            maxLength={40}
            disabled={feed !== null}
            {...field('name')}
          />
          <Select
            label={t('feeds.kind')}
            description={t('feeds.kindHint')}
            allowDeselect={false}
            data={feedKinds.map((value) => ({ value, label: t(`feeds.kinds.${value}`) }))}
            value={kind}
            onChange={(value) => set({ kind: value ?? 'url' })}
          />
        </SimpleGrid>
        <TextInput
          label={t('feeds.address')}
          description={t(`feeds.addressHints.${kind}`)}
          maxLength={2000}
          {...field('address')}
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ alignItems: 'start' }}>
          <Select
            label={t('feeds.schedule')}
            description={t('feeds.scheduleHint')}
            allowDeselect={false}
            data={schedules.map((value) => ({ value, label: t(`feeds.schedules.${value}`) }))}
            value={choices.schedule}
            onChange={(value) => set({ schedule: value ?? 'asked' })}
          />
          {choices.schedule === 'every' && (
            <TextInput
              label={t('feeds.minutes')}
              description={t('feeds.minutesHint')}
              inputMode="numeric"
              {...field('minutes')}
            />
          )}
          {choices.schedule === 'daily' && (
            <TextInput
              label={t('feeds.time')}
              description={t('feeds.timeHint')}
              type="time"
              {...field('time')}
            />
          )}
          {project.sources.length > 0 && (
            <Select
              label={t('feeds.report')}
              description={t('feeds.reportHint')}
              allowDeselect={false}
              data={[
                { value: '', label: t('feeds.reportByColumns') },
                ...project.sources.map(({ name }) => ({ value: name, label: name })),
              ]}
              value={choices.report}
              onChange={(value) => set({ report: value ?? '' })}
            />
          )}
        </SimpleGrid>
        {kind === 's3' && (
          <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ alignItems: 'start' }}>
            <TextInput
              label={t('feeds.region')}
              description={t('feeds.regionHint')}
              maxLength={40}
              {...field('region')}
            />
            <TextInput
              label={t('feeds.endpoint')}
              description={t('feeds.endpointHint')}
              maxLength={2000}
              {...field('endpoint')}
            />
          </SimpleGrid>
        )}
        {kind !== 'folder' && (
          <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ alignItems: 'start' }}>
            <TextInput
              label={t('feeds.secret')}
              description={t(kind === 's3' ? 'feeds.secretHintS3' : 'feeds.secretHint')}
              maxLength={40}
              {...field('secret')}
            />
            {kind === 'url' && choices.secret !== '' && (
              <Select
                label={t('feeds.sendAs')}
                description={t('feeds.sendAsHint')}
                allowDeselect={false}
                data={uses.map((value) => ({ value, label: t(`feeds.uses.${value}`) }))}
                value={choices.sendAs}
                onChange={(value) => set({ sendAs: value ?? 'bearer' })}
              />
            )}
            {kind === 'url' &&
              choices.secret !== '' &&
              (choices.sendAs === 'header' || choices.sendAs === 'query') && (
                <TextInput label={t('feeds.sendName')} maxLength={60} {...field('sendName')} />
              )}
          </SimpleGrid>
        )}
        {error != null && <ErrorNotice error={error} />}
        <Group>
          <Button type="submit" loading={pending}>
            {t('feeds.save')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('app.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
