import { isAbsolute, normalize } from 'node:path';
import { KaeferError, watchedFolderName, type Feed, type FeedRequest } from '@kaefer/contracts';
import { changeSettings, publishSettings, settingsOf, type ProjectRecord } from '@kaefer/pipeline';
import type { Context } from '../context.ts';
import { requireSource } from '../uploads.ts';
import type { FeedRunner } from './feed-runner.ts';
import { parseUrl } from './fetch-url.ts';
import { requireFolder } from './folder-place.ts';
import { parseS3Address, s3Endpoint } from './s3-address.ts';

/** So many a project may have. */
const mostFeeds = 50;

/**
 * Makes or replaces a feed of a project. What it took before stays known when it is replaced, or removed and made again,
 * under the same name.
 *
 * @throws KaeferError saying what of it cannot be
 */
export async function putFeed(
  context: Context,
  runner: FeedRunner,
  project: ProjectRecord,
  name: string,
  request: FeedRequest,
  by: string,
): Promise<Feed> {
  if (name === watchedFolderName) throw new KaeferError('feed_name_taken', { feed: name });
  const feed: Feed = { ...(await requirePossible(context, project, request)), name, since: context.now() };
  const others = project.definition.feeds.filter((other) => other.name !== name);
  if (others.length >= mostFeeds) throw new KaeferError('too_many_feeds', { limit: mostFeeds });
  await save(context, project, [...others, feed], by);
  await runner.breakOff(project.definition.id, name);
  return feed;
}

/** @throws KaeferError `feed_not_found` */
export async function removeFeed(
  context: Context,
  runner: FeedRunner,
  project: ProjectRecord,
  name: string,
  by: string,
): Promise<void> {
  const { id } = project.definition;
  requireFeed(project, name);
  await save(
    context,
    project,
    project.definition.feeds.filter((other) => other.name !== name),
    by,
  );
  await runner.breakOff(id, name);
}

/** @throws KaeferError `feed_not_found` */
export function requireFeed({ definition }: ProjectRecord, name: string): Feed {
  const feed = definition.feeds.find((each) => each.name === name);
  if (feed === undefined) throw new KaeferError('feed_not_found', { feed: name.slice(0, 100) });
  return feed;
}

/** Feeds do not touch what a run works with, so they may change while one is under way. */
async function save(
  { db, folder, now }: Context,
  { definition }: ProjectRecord,
  feeds: readonly Feed[],
  by: string,
): Promise<void> {
  const settings = { ...settingsOf(definition), feeds: [...feeds] };
  const change = await changeSettings(db, definition.id, settings, { note: null, by, at: now() });
  publishSettings(folder(definition.id), change);
}

/** The request with its address in one form. */
async function requirePossible(
  { config }: Context,
  project: ProjectRecord,
  request: FeedRequest,
): Promise<FeedRequest> {
  requireSource(project, request.report);
  switch (request.kind) {
    case 'url': {
      const url = parseUrl(request.address);
      config.intakeHosts.require(url);
      if (request.secret !== null) config.secrets.get(request.secret);
      return { ...request, address: url.href };
    }
    case 's3': {
      parseS3Address(request.address);
      config.intakeHosts.require(s3Endpoint(request));
      if (request.secret !== null) config.secrets.get(request.secret);
      return request;
    }
    case 'folder': {
      if (!isAbsolute(request.address))
        throw new KaeferError('feed_address_invalid', { address: request.address });
      const address = normalize(request.address);
      await requireFolder(address, config.intakeFolders);
      return { ...request, address };
    }
  }
}
