import type { Db } from './open-database.ts';

/** Where a feed found a file, and what its server said to tell one content from another. */
export interface FeedFile {
  readonly feed: string;
  readonly file: string;
  readonly version: string;
}

/** Records what a feed found in a file, in place of what it found there before. */
export async function rememberFeedFile(
  db: Db,
  project: string,
  { feed, file, version }: FeedFile,
  sha256: string,
): Promise<void> {
  await db
    .insertInto('feed_files')
    .values({ project, feed, file, version, sha256 })
    .onConflict((conflict) => conflict.columns(['project', 'feed', 'file']).doUpdateSet({ version, sha256 }))
    .execute();
}
