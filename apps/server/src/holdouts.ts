import {
  KaeferError,
  usualFreshRows,
  fewestFreshRows,
  type Holdout,
  type HoldoutRequest,
} from '@kaefer/contracts';
import {
  changeSettings,
  countLooks,
  numberInUse,
  openRunOf,
  publishSettings,
  settingsChanges,
  settingsOf,
  waitsForPeople,
  type JobResults,
  type ProjectRecord,
} from '@kaefer/pipeline';
import type { Context } from './context.ts';
import { withSqlScratch } from './sql-scratch.ts';

type Counts = JobResults['count-holdouts']['items'];

/** The sets of test rows of a project, the newest first. */
export async function listHoldouts(context: Context, project: ProjectRecord): Promise<Holdout[]> {
  const { id, holdouts: starts, createdAt } = project.definition;
  const [counts, looks, changes] = await Promise.all([
    countRows(context, project),
    countLooks(context.db, id),
    settingsChanges(context.db, id),
  ]);
  const inUse = numberInUse(counts, starts);
  return [undefined, ...starts]
    .map((start, index): Holdout => {
      const number = index + 1;
      // The first revision of the settings that knows it began it.
      const began = start && changes.find(({ settings }) => settings.includes(start.id));
      return {
        number,
        state: number === inUse ? 'used' : number < inUse ? 'retired' : 'collecting',
        rows: counts[index]?.rows ?? 0,
        rarer: counts[index]?.rarer ?? null,
        needed: start?.needed ?? 0,
        looks: looks[index] ?? 0,
        startedAt: began?.changed_at ?? createdAt,
        startedBy: began?.changed_by ?? null,
        note: began?.note ?? null,
      };
    })
    .reverse();
}

async function countRows(context: Context, { definition }: ProjectRecord): Promise<Counts> {
  const { id, split, key, task, target, holdouts } = definition;
  const { items } = await withSqlScratch(context, 'holdouts', (limits) =>
    context.workers.run({
      kind: 'count-holdouts',
      lake: context.lake,
      project: id,
      limits,
      rows: { split, key, task, target },
      holdouts,
    }),
  );
  return items;
}

/**
 * Begins a fresh holdout: test rows that come from now on are looked at only when there are enough of them; until then models
 * are compared on those that there are. The list of these is in the lake before the settings name it.
 *
 * @throws KaeferError `no_data`, `run_in_progress`, `holdout_collecting`
 */
export async function startHoldout(
  context: Context,
  project: ProjectRecord,
  { rows, note }: HoldoutRequest,
  by: string,
): Promise<Holdout[]> {
  const { definition } = project;
  const { id: name, split, key } = definition;
  if ((await context.tables.current(name)) === undefined) throw new KaeferError('no_data');
  await requireNoRun(context, name);
  const counts = await countRows(context, project);
  const inUse = numberInUse(counts, definition.holdouts);
  const collecting = definition.holdouts[inUse - 1];
  if (collecting !== undefined)
    throw new KaeferError('holdout_collecting', {
      rows: counts[inUse]?.rows ?? 0,
      needed: collecting.needed,
    });
  const usual = Math.max(fewestFreshRows, Math.min(usualFreshRows, counts[inUse - 1]?.rows ?? 0));
  const id = context.newId('holdout');
  await withSqlScratch(context, 'holdouts', (limits) =>
    context.workers.run({
      kind: 'list-earlier-keys',
      lake: context.lake,
      project: name,
      limits,
      rows: { split, key },
      id,
    }),
  );
  // A run that began meanwhile may look at rows that the list does not have.
  await requireNoRun(context, name);
  const holdouts = [...definition.holdouts, { id, needed: rows ?? usual }];
  const why = { note: note === undefined || note === '' ? null : note, by, at: context.now() };
  publishSettings(
    context.folder(name),
    await changeSettings(context.db, name, { ...settingsOf(definition), holdouts }, why),
  );
  return listHoldouts(context, await context.project(name));
}

/** @throws KaeferError `run_in_progress` */
async function requireNoRun({ db }: Context, project: string): Promise<void> {
  const open = await openRunOf(db, project);
  if (open !== undefined && !waitsForPeople(open.status))
    throw new KaeferError('run_in_progress', { run: open.id });
}
