import { existsSync, readdirSync } from 'node:fs';
import type { Selectable } from 'kysely';
import type { HistoryEntry } from '@kaefer/deltalake';
import type { CheckReport } from '../check/report.ts';
import { readJson } from '../lake/durable.ts';
import type { ProjectFolder } from '../lake/layout.ts';
import { recipeOf, sourceUploadStates } from '../lake/recipe-commits.ts';
import { mergedUploadsOf, uploadStatuses } from '../lake/upload-effects.ts';
import type { Received } from '../receive/receive-file.ts';
import type { FeedFile } from '../state/feed-files.ts';
import { joinClasses } from '../state/join-classes.ts';
import type { ProjectDefinition } from '../state/project-definition.ts';
import type { UploadsTable } from '../state/schema.ts';

/** What feeds have taken, each file as it was taken last: the later ones come last. */
export function readFeedFiles(folder: ProjectFolder): (FeedFile & { readonly sha256: string })[] {
  const names = existsSync(folder.uploads) ? readdirSync(folder.uploads) : [];
  return names
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) => readJson<Received>(folder.upload(name).received) ?? [])
    .sort((a, b) => (a.receivedAt < b.receivedAt ? -1 : 1))
    .flatMap(({ origin, sha256 }) => (origin === undefined ? [] : [{ ...origin, sha256 }]));
}

/**
 * The uploads as the database has them, and the project's outcomes after those that were merged. What was received but
 * never checked was never acknowledged and is left out.
 */
export async function readUploads(
  folder: ProjectFolder,
  { id, task, sources }: Pick<ProjectDefinition, 'id' | 'task' | 'sources'>,
  history: readonly HistoryEntry[],
): Promise<{ uploads: Selectable<UploadsTable>[]; classes: string[] }> {
  const merged = new Map(
    history.flatMap((entry) => mergedUploadsOf(entry).map((id) => [id, entry.version] as const)),
  );
  const statuses = uploadStatuses(history);
  const names = existsSync(folder.uploads) ? readdirSync(folder.uploads) : [];
  const ofSources = await sourceUploadStates(folder, sources);
  const uploads = names
    .filter((name) => !name.startsWith('.'))
    .flatMap((name): Selectable<UploadsTable>[] => {
      const place = folder.upload(name);
      const received = readJson<Received>(place.received);
      const report = readJson<CheckReport>(place.report);
      const known = ofSources.get(name)?.status ?? statuses.get(name);
      const status = existsSync(place.discarded) ? 'discarded' : (known ?? report?.status);
      if (received === undefined || status === undefined) return [];
      const { filename, bytes, sha256, receivedAt: received_at } = received;
      const dataset_version = ofSources.get(name)?.datasetVersion ?? merged.get(name) ?? null;
      const source = report?.source ?? null;
      const feed = received.origin?.feed ?? null;
      return [
        {
          id: name,
          project: id,
          source,
          feed,
          filename,
          bytes,
          sha256,
          status,
          received_at,
          dataset_version,
        },
      ];
    });
  const classes = [...merged.keys()].reduce<string[]>((known, name) => {
    const seen = readJson<CheckReport>(folder.upload(name).report)?.classes ?? [];
    return joinClasses(task, known, seen) ?? known;
  }, []);
  const ofRecipe = history.map(recipeOf).findLast((commit) => commit !== undefined)?.classes;
  return { uploads, classes: ofRecipe === undefined ? classes : [...ofRecipe] };
}
