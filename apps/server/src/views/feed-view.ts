import { watchedFolderName, type Feed, type FeedState, type Locale } from '@kaefer/contracts';
import type { ProjectRecord } from '@kaefer/pipeline';
import type { Context } from '../context.ts';
import { looksOf, type RecordedLook } from '../intake/feed-log.ts';
import type { Intake } from '../intake/intake.ts';
import { errorView } from './error-view.ts';

/** So many looks are shown. */
const shownLooks = 20;

/** The places from which files of a project come by themselves, the watched folder first. */
export async function feedStates(
  context: Context,
  intake: Intake,
  { definition }: ProjectRecord,
  locale: Locale,
): Promise<FeedState[]> {
  const { id, feeds } = definition;
  const watched = intake.watched;
  const states = await Promise.all(feeds.map((feed) => feedState(context, intake, id, feed, locale)));
  if (watched === undefined) return states;
  const looks = await looksOf(context.db, id, watchedFolderName);
  return [
    {
      name: watchedFolderName,
      kind: 'watched',
      address: watched.folderOf(id),
      feed: null,
      nextAt: null,
      isFetching: false,
      attempts: attemptsOf(looks, locale),
    },
    ...states,
  ];
}

export async function feedState(
  context: Context,
  { runner }: Intake,
  project: string,
  feed: Feed,
  locale: Locale,
): Promise<FeedState> {
  const due = await runner.dueAt(project, feed);
  return {
    name: feed.name,
    kind: feed.kind,
    address: feed.address,
    feed,
    nextAt: due === undefined ? null : new Date(due).toISOString(),
    isFetching: runner.isFetching(project, feed.name),
    attempts: attemptsOf(await looksOf(context.db, project, feed.name), locale),
  };
}

function attemptsOf(looks: readonly RecordedLook[], locale: Locale): FeedState['attempts'] {
  return looks.slice(0, shownLooks).map(({ since, at, repeated, askedBy, taken, known, failures }) => ({
    since,
    at,
    repeated,
    askedBy,
    taken: [...taken],
    known,
    failures: failures.map(({ file, error }) => ({ file, ...errorView(error, locale) })),
  }));
}
