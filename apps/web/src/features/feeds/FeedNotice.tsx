import type { FeedState } from '@kaefer/contracts';
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { feedsQuery } from '../../api/queries.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Panel } from '../../ui/Panel.tsx';

const failuresOf = ({ attempts }: FeedState) => attempts[0]?.failures ?? [];

/** Tells an operator that files come by themselves, when the next look is, and what is in the way; nothing where none do. */
export function FeedNotice({ project }: { readonly project: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: states = [] } = useQuery(feedsQuery(project));
  if (states.length === 0) return null;
  const failing = states.flatMap((state) =>
    failuresOf(state).map((failure) => ({ ...failure, name: state.name, kind: state.kind })),
  );
  const next = states.flatMap(({ nextAt }) => nextAt ?? []).sort()[0];
  const text =
    failing.length > 0
      ? undefined
      : next === undefined
        ? states.some(({ kind }) => kind === 'watched')
          ? t('feeds.trainWatched')
          : t('feeds.onlyAsked')
        : t('feeds.trainNextText', { at: format.dateTime(next) });
  return (
    <Panel
      tone={failing.length > 0 ? 'attention' : 'plain'}
      title={t(failing.length > 0 ? 'feeds.trainFailing' : 'feeds.trainNext')}
      text={text}
      actions={
        <LinkButton variant="default" to="/projects/$project/feeds" params={{ project }}>
          {t('feeds.show')}
        </LinkButton>
      }
    >
      {failing.length > 0 &&
        failing.map(({ name, kind, file, detail }) => (
          <Text key={`${name} ${file}`} size="sm" style={{ overflowWrap: 'anywhere' }}>
            <strong>{kind === 'watched' ? t('feeds.watchedTitle') : name}</strong>
            {file === null ? '' : ` · ${file}`}: {detail}
          </Text>
        ))}
    </Panel>
  );
}
