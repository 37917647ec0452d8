import { decidingMetric, type ChampionPoint, type ModelResult } from '@kaefer/contracts';
import { readJson, type ProjectRecord, type StoredComparison } from '@kaefer/pipeline';
import type { Context } from '../context.ts';

/**
 * The model in production at each decision, the oldest first, with its figures from that comparison; without figures where
 * it was chosen from the list of models and no comparison was possible.
 */
export async function championHistory(
  { db, folder, tables, cards }: Context,
  { definition }: ProjectRecord,
): Promise<ChampionPoint[]> {
  const { id: project, task, choosing } = definition;
  const decisions = await db
    .selectFrom('decisions')
    .selectAll()
    .where('project', '=', project)
    .orderBy('decided_at')
    .execute();
  const history = (await (await tables.table(project))?.history()) ?? [];
  const rowsOf = new Map(history.map(({ version, rows }) => [version, rows ?? 0]));
  const name = decidingMetric(task, choosing.metric);
  const place = folder(project);
  return decisions.flatMap(
    ({ id, run, candidate, champion, choice, automatic, ...rest }): ChampionPoint[] => {
      const point = {
        decidedAt: rest.decided_at,
        by: rest.decided_by,
        automatic: automatic === 1,
        version: champion,
        choice: choice === 'rollback' ? ('by_hand' as const) : choice,
      };
      const comparison = readJson<StoredComparison>(
        run === null ? place.decisionComparison(id) : place.model(candidate).comparison,
      );
      const side = [comparison?.candidate, comparison?.current].find(
        (result) => result?.model.version === champion,
      );
      if (comparison === undefined || side === null || side === undefined) {
        if (run !== null) return [];
        const { datasetVersion } = cards.get(project, champion);
        const rows = rowsOf.get(datasetVersion) ?? 0;
        const metric = { name, value: null, low: null, high: null };
        return [{ ...point, datasetVersion, rows, holdoutRows: 0, metric, metrics: {} }];
      }
      const { datasetVersion, holdout } = comparison;
      const metrics = measured(side);
      return [
        {
          ...point,
          datasetVersion,
          rows: rowsOf.get(datasetVersion) ?? 0,
          holdoutRows: holdout.rows,
          metric: { name, ...(metrics[name] ?? { value: null, low: null, high: null }) },
          metrics,
        },
      ];
    },
  );
}

/** A model's figures that have an interval: a threshold, for one, is no measure of it. */
function measured({ metrics, intervals }: ModelResult): ChampionPoint['metrics'] {
  return Object.fromEntries(
    Object.entries(intervals).map(([name, { low, high }]) => [
      name,
      { value: metrics[name] ?? null, low, high },
    ]),
  );
}
