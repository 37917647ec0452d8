import { IconPlus, IconTransferIn } from '@tabler/icons-react';
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { FeedRequestInput } from '@kaefer/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fetchFeed, putFeed, removeFeed } from '../../api/actions.ts';
import { feedsQuery, projectQuery } from '../../api/queries.ts';
import { useNotice } from '../../app/notices.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { ProjectEyebrow } from '../project/ProjectEyebrow.tsx';
import { FeedForm } from './FeedForm.tsx';
import { FeedPanel } from './FeedPanel.tsx';

/** The places from which files come by themselves. */
export function FeedsScreen() {
  const { t } = useTranslation();
  const say = useNotice();
  const queryClient = useQueryClient();
  const { project: id } = useParams({ from: '/projects/$project/feeds' });
  const projectState = useQuery(projectQuery(id));
  const feedsState = useQuery(feedsQuery(id));
  /** The name of the one that is being changed; empty for a new one. */
  const [changing, setChanging] = useState<string | null>(null);
  const [removing, setRemoving] = useState<string | null>(null);
  const refresh = () => queryClient.invalidateQueries({ queryKey: feedsQuery(id).queryKey });

  const saving = useMutation({
    mutationFn: ({ name, request }: { name: string; request: FeedRequestInput }) =>
      putFeed(id, name, request),
    onSuccess: async ({ name }) => {
      say(t('feeds.saved', { name }));
      setChanging(null);
      await refresh();
    },
  });
  const fetching = useMutation({ mutationFn: (name: string) => fetchFeed(id, name), onSettled: refresh });
  const removal = useMutation({
    mutationFn: (name: string) => removeFeed(id, name),
    onSuccess: async (_nothing, name) => {
      say(t('feeds.removed', { name }));
      setRemoving(null);
      await refresh();
    },
  });

  const project = projectState.data;
  const states = feedsState.data;
  const failed = projectState.isError ? projectState : feedsState.isError ? feedsState : null;
  const change = (name: string | null) => {
    saving.reset();
    setChanging(name);
  };
  const formOf = (name: string) =>
    project && (
      <FeedForm
        key={name}
        project={project}
        feed={states?.find((state) => state.name === name)?.feed ?? null}
        otherNames={(states ?? []).map((state) => state.name)}
        pending={saving.isPending}
        error={saving.error}
        onSave={(newName, request) => saving.mutate({ name: newName, request })}
        onClose={() => change(null)}
      />
    );

  return (
    <Page title={t('feeds.title')} lead={t('feeds.lead')} eyebrow={<ProjectEyebrow project={project} />}>
      {failed && <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} />}
      {!failed && !(project && states) && <Waiting heights={[220, 220]} />}
      {fetching.error && <ErrorNotice error={fetching.error} />}
      {project && states && (
        <>
          {states.length === 0 && changing === null && (
            <Empty
              icon={<IconTransferIn size={40} stroke={1.4} aria-hidden />}
              title={t('feeds.empty')}
              text={t('feeds.emptyText')}
              action={<Button onClick={() => change('')}>{t('feeds.add')}</Button>}
            />
          )}
          {states.map((state) => (
            <FeedPanel
              key={state.name}
              state={state}
              onFetch={() => fetching.mutate(state.name)}
              onEdit={() => change(state.name)}
              onRemove={() => setRemoving(state.name)}
            >
              {changing === state.name ? formOf(state.name) : undefined}
            </FeedPanel>
          ))}
          {changing === '' && <Panel title={t('feeds.add')}>{formOf('')}</Panel>}
          {states.length > 0 && changing === null && (
            <div>
              <Button
                variant="default"
                leftSection={<IconPlus size={18} aria-hidden />}
                onClick={() => change('')}
              >
                {t('feeds.add')}
              </Button>
            </div>
          )}
        </>
      )}
      <ConfirmDialog
        opened={removing !== null}
        onClose={() => setRemoving(null)}
        title={t('feeds.removeTitle', { name: removing ?? '' })}
        text={t('feeds.removeText')}
        confirm={t('feeds.remove')}
        danger
        pending={removal.isPending}
        error={removal.error}
        onConfirm={() => removing !== null && removal.mutate(removing)}
      />
    </Page>
  );
}
