import { KaeferError } from '@kaefer/contracts';
import { joinClasses, readJson, type CheckReport, type ProjectRecord } from '@kaefer/pipeline';
import type { Context } from '../context.ts';

/**
 * The project's outcomes once these uploads are merged, too.
 *
 * @throws KaeferError `outcomes_conflict` when files that were checked apart do not agree on two outcomes
 */
export function mergedClasses(
  context: Context,
  { definition, classes }: ProjectRecord,
  uploads: readonly string[],
): string[] {
  return uploads.reduce<string[]>(
    (known, upload) => {
      const report = readJson<CheckReport>(context.folder(definition.id).upload(upload).report);
      const joined = joinClasses(definition.task, known, report?.classes ?? []);
      if (joined === undefined)
        throw new KaeferError('outcomes_conflict', { upload, classes: known.join(', ') });
      return joined;
    },
    [...classes],
  );
}
