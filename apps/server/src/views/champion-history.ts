import { decidingMetric, type ChampionPoint } from '@kaefer/contracts';
import { readJson, type ProjectRecord, type StoredComparison } from '@kaefer/pipeline';
import type { Context } from '../context.ts';

/** The model in production at each decision, the oldest first, with its figures from that comparison. */
export async function championHistory(
  { db, folder, tables }: Context,
  { definition }: ProjectRecord,
): Promise<ChampionPoint[]> {
  const { id, task, choosing } = definition;
  const decisions = await db
    .selectFrom('decisions')
    .selectAll()
    .where('project', '=', id)
    .where('run', 'is not', null)
    .orderBy('decided_at')
    .execute();
  const history = (await (await tables.table(id))?.history()) ?? [];
  const rowsOf = new Map(history.map(({ version, rows }) => [version, rows ?? 0]));
  const name = decidingMetric(task, choosing.metric);
  return decisions.flatMap(
    ({ candidate, champion, choice, decided_at: decidedAt, decided_by: by, ...rest }) => {
      const comparison = readJson<StoredComparison>(folder(id).model(candidate).comparison);
      const side = [comparison?.candidate, comparison?.current].find(
        (result) => result?.model.version === champion,
      );
      if (comparison === undefined || side === null || side === undefined) return [];
      const { datasetVersion, holdout } = comparison;
      const { low = null, high = null } = side.intervals[name] ?? {};
      return [
        {
          decidedAt,
          by,
          automatic: rest.automatic === 1,
          version: champion,
          choice: choice === 'current' ? 'current' : 'candidate',
          datasetVersion,
          rows: rowsOf.get(datasetVersion) ?? 0,
          holdoutRows: holdout.rows,
          metric: { name, value: side.metrics[name] ?? null, low, high },
        },
      ];
    },
  );
}
