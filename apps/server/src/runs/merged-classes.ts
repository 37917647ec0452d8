import { KaeferError } from '@kaefer/contracts';
import { readJson, type CheckReport, type ProjectRecord } from '@kaefer/pipeline';
import type { Context } from '../context.ts';

/**
 * The project's outcomes once these uploads are merged, too.
 *
 * @throws KaeferError `outcomes_conflict` when files that were checked apart do not agree on two outcomes
 */
export function mergedClasses(
  context: Context,
  project: ProjectRecord,
  uploads: readonly string[],
): string[] {
  const { definition } = project;
  let classes = [...project.classes];
  for (const upload of uploads) {
    const report = readJson<CheckReport>(context.folder(definition.id).upload(upload).report);
    const added = (report?.classes ?? []).filter((name) => !classes.includes(name));
    if (definition.task === 'binary') {
      if (classes.length === 2 && added.length > 0)
        throw new KaeferError('outcomes_conflict', { upload, classes: classes.join(', ') });
      if (classes.length < 2) classes = joinBinary(classes, report?.classes ?? []);
    } else {
      classes.push(...added);
    }
  }
  return classes;
}

/** `[negative, positive]` as the file that knows both has it. */
function joinBinary(known: readonly string[], seen: readonly string[]): string[] {
  if (seen.length === 2 || known.length === 0) return [...seen];
  return [...new Set([...known, ...seen])];
}
