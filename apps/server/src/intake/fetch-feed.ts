import type { Readable } from 'node:stream';
import { KaeferError, toStoredError, type Feed } from '@kaefer/contracts';
import { rememberFeedFile, type ProjectRecord } from '@kaefer/pipeline';
import type { Context } from '../context.ts';
import { requireSpace } from '../disk-space.ts';
import { receiveUnlessTaken } from '../uploads.ts';
import { takenFiles, type FeedFailure } from './feed-log.ts';
import type { FilePlace, OfferedFile } from './feed-files.ts';
import { fetchUrl } from './fetch-url.ts';
import { FolderPlace } from './folder-place.ts';
import type { RetryWaits } from './retry-waits.ts';

type Known = Awaited<ReturnType<typeof takenFiles>>;

export interface FetchResult {
  readonly taken: readonly string[];
  readonly known: number;
  readonly failures: readonly FeedFailure[];
}

/** A download that takes longer is given up. */
const longestFetchMs = 4 * 3_600_000;
const mib = 1 << 20;

/**
 * Looks once at a feed's place and takes what is new there, each file as an upload. One that cannot be taken keeps no other
 * out. A stop at any moment leaves of each file either an upload or nothing: that it was taken is recorded with the upload,
 * in one transaction.
 *
 * @throws KaeferError when the place itself cannot be read
 */
export async function fetchFeed(
  context: Context,
  project: ProjectRecord,
  feed: Feed,
  waits: RetryWaits,
  stop: AbortSignal,
): Promise<FetchResult> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(longestFetchMs)]);
  const known = await takenFiles(context.db, project.definition.id, feed.name);
  try {
    if (feed.kind === 'url') return await fetchOne(context, project, feed, known, signal);
    const place = await placeOf(context, feed);
    try {
      return await fetchMany(context, project, feed, place, known, waits, signal);
    } finally {
      if ('close' in place) place.close();
    }
  } catch (error) {
    const isTooLong = signal.aborted && !stop.aborted;
    throw isTooLong ? new KaeferError('feed_timeout', { host: feed.address }, { cause: error }) : error;
  }
}

async function placeOf(
  { config }: Context,
  feed: Exclude<Feed, { kind: 'url' }>,
): Promise<FolderPlace | (FilePlace & { close(): void })> {
  if (feed.kind === 'folder') return new FolderPlace(feed.address, config.intakeFolders);
  // Loaded only where there is such a feed: it is large.
  const { S3Place } = await import('./s3-place.ts');
  return new S3Place(feed, config.intakeHosts, config.secrets);
}

async function fetchOne(
  context: Context,
  project: ProjectRecord,
  feed: Extract<Feed, { kind: 'url' }>,
  known: Known,
  signal: AbortSignal,
): Promise<FetchResult> {
  const { intakeHosts, secrets } = context.config;
  const { href } = new URL(feed.address);
  const last = known.get(href)?.version;
  const found = await fetchUrl(feed, last, intakeHosts, secrets, signal);
  if (found === undefined) return { taken: [], known: 1, failures: [] };
  const id = await take(context, project, feed, { ...found, file: href }, found.content, known, signal);
  return id === undefined ? { taken: [], known: 1, failures: [] } : { taken: [id], known: 0, failures: [] };
}

async function fetchMany(
  context: Context,
  project: ProjectRecord,
  feed: Feed,
  place: FilePlace,
  known: Known,
  waits: RetryWaits,
  signal: AbortSignal,
): Promise<FetchResult> {
  const taken: string[] = [];
  const failures: FeedFailure[] = [];
  let knownCount = 0;
  for (const offered of await place.list(signal)) {
    signal.throwIfAborted();
    const { file, version } = offered;
    if (known.get(file)?.version === version) {
      knownCount++;
      continue;
    }
    const wait = `${project.definition.id} ${feed.name} ${file} ${version}`;
    const waiting = waits.errorOf(wait);
    if (waiting !== undefined) {
      failures.push({ file, error: waiting });
      continue;
    }
    try {
      if (offered.bytes > context.config.uploadLimitBytes)
        throw new KaeferError('upload_too_large', {
          limit: Math.floor(context.config.uploadLimitBytes / mib),
        });
      const id = await take(
        context,
        project,
        feed,
        offered,
        await place.open(offered, signal),
        known,
        signal,
      );
      if (id === undefined) knownCount++;
      else taken.push(id);
      waits.forget(wait);
    } catch (error) {
      signal.throwIfAborted();
      context.log.warn({ err: error, feed: feed.name, file }, 'a file of a feed could not be taken');
      failures.push({ file, error: waits.remember(wait, toStoredError(error)) });
    }
  }
  return { taken, known: knownCount, failures };
}

/** @returns the upload's id; undefined when the same bytes were taken before */
async function take(
  context: Context,
  project: ProjectRecord,
  feed: Feed,
  { file, version, filename, bytes }: OfferedFile,
  content: Readable,
  known: Known,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    requireSpace(context, bytes);
  } catch (error) {
    content.destroy();
    throw error;
  }
  const origin = { feed: feed.name, file, version };
  const isTaken = (sha256: string): boolean =>
    // Another file of the place with the same bytes is a copy. A file that goes back to what it was long ago is new.
    known.get(file)?.sha256 === sha256 ||
    [...known].some(([other, state]) => other !== file && state.sha256 === sha256);
  const taken = await receiveUnlessTaken(context, project, content, {
    filename,
    source: feed.report,
    origin,
    expectedBytes: bytes,
    isTaken,
    signal,
  }).catch((error: unknown) => {
    if (error instanceof KaeferError && error.code === 'upload_interrupted')
      throw new KaeferError('feed_broken_off', { place: feed.address }, { cause: error });
    throw error;
  });
  const { sha256 } = taken;
  known.set(file, { version, sha256 });
  if (taken.upload !== undefined) return taken.upload.id;
  await rememberFeedFile(context.db, project.definition.id, origin, sha256);
  return undefined;
}
