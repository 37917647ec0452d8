import type { StoredError } from '@kaefer/contracts';
import type { Db } from '@kaefer/pipeline';

/** What was not as hoped. */
export interface FeedFailure {
  /** Null: it was nothing of a single file. */
  readonly file: string | null;
  readonly error: StoredError;
}

/** One look at a feed's place. */
export interface FeedLook {
  readonly at: string;
  /** Null: it was due. */
  readonly askedBy: string | null;
  /** Ids of the uploads that were made. */
  readonly taken: readonly string[];
  /** Files that were taken before. */
  readonly known: number;
  readonly failures: readonly FeedFailure[];
}

/** Looks in a row that brought the same. */
export interface RecordedLook extends FeedLook {
  /** When the first of them ended; `at` is the last. */
  readonly since: string;
  readonly repeated: number;
}

/** So many of each feed are kept. */
const keptLooks = 50;

/** Records a look. One that brought nothing new takes the place of the one before when that brought the same. */
export async function recordLook(db: Db, project: string, feed: string, look: FeedLook): Promise<void> {
  const failures = JSON.stringify(look.failures);
  await db.transaction().execute(async (transaction) => {
    const [last] = await lastRows(transaction, project, feed, 1);
    const isSame = last?.taken === '[]' && look.taken.length === 0 && last.failures === failures;
    if (isSame) await transaction.deleteFrom('feed_looks').where('id', '=', last.id).execute();
    await transaction
      .insertInto('feed_looks')
      .values({
        project,
        feed,
        at: look.at,
        since: isSame ? last.since : look.at,
        repeated: isSame ? last.repeated + 1 : 1,
        asked_by: look.askedBy,
        taken: JSON.stringify(look.taken),
        known: look.known,
        failures,
      })
      .execute();
    const oldest = (await lastRows(transaction, project, feed, keptLooks + 1))[keptLooks];
    if (oldest !== undefined)
      await transaction
        .deleteFrom('feed_looks')
        .where('project', '=', project)
        .where('feed', '=', feed)
        .where('id', '<=', oldest.id)
        .execute();
  });
}

/** The latest looks, the latest first. */
export async function looksOf(db: Db, project: string, feed: string): Promise<RecordedLook[]> {
  return (await lastRows(db, project, feed, keptLooks)).map((row) => ({
    at: row.at,
    since: row.since,
    repeated: row.repeated,
    askedBy: row.asked_by,
    taken: JSON.parse(row.taken) as string[],
    known: row.known,
    failures: JSON.parse(row.failures) as FeedFailure[],
  }));
}

function lastRows(db: Db, project: string, feed: string, count: number) {
  return db
    .selectFrom('feed_looks')
    .selectAll()
    .where('project', '=', project)
    .where('feed', '=', feed)
    .orderBy('id', 'desc')
    .limit(count)
    .execute();
}

/** Of each file that a feed has taken, what it was when it was looked at last. */
export async function takenFiles(
  db: Db,
  project: string,
  feed: string,
): Promise<Map<string, { readonly version: string; readonly sha256: string }>> {
  const rows = await db
    .selectFrom('feed_files')
    .select(['file', 'version', 'sha256'])
    .where('project', '=', project)
    .where('feed', '=', feed)
    .execute();
  return new Map(rows.map(({ file, version, sha256 }) => [file, { version, sha256 }]));
}
