import { unansweredLeaks, type Project, type Upload } from '@kaefer/contracts';

/** The uploads that no run has taken and nobody has discarded, in the order in which they arrived. */
export function pendingUploads(uploads: readonly Upload[]): Upload[] {
  return uploads
    .filter((upload) => upload.status === 'valid' || upload.status === 'invalid')
    .sort((a, b) => a.receivedAt.localeCompare(b.receivedAt));
}

export const changedRows = (uploads: readonly Upload[]): number =>
  uploads.reduce((sum, upload) => sum + upload.rows.new + upload.rows.updated, 0);

/** Columns of the files to be merged that may give the outcome away, and of which nobody has said anything yet. */
export const openLeaks = (
  project: Pick<Project, 'exclude' | 'confirmed'>,
  pending: readonly Pick<Upload, 'status' | 'problems'>[],
): string[] =>
  unansweredLeaks(
    pending.filter(({ status }) => status === 'valid').flatMap(({ problems }) => problems),
    project,
  );
