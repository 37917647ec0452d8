import { decidingMetric, type Candidates, type Costs, type ModelResult } from '@kaefer/contracts';
import { readJson, type ProjectRecord, type RunRecord, type StoredComparison } from '@kaefer/pipeline';
import type { Context } from '../context.ts';

/** The candidates of a run that has been evaluated, each beside the current model. */
export function candidatesView(context: Context, { definition }: ProjectRecord, run: RunRecord): Candidates {
  const { task, costs, choosing } = definition;
  const folder = context.folder(run.project);
  const listed = run.candidates.filter(({ trainingMs }) => trainingMs !== null);
  const versions = listed.length > 0 ? listed.map(({ version }) => version) : [run.candidate ?? 0];
  const compared = versions.flatMap((version) => {
    const comparison = readJson<StoredComparison>(folder.model(version).comparison);
    return comparison === undefined ? [] : [{ version, comparison }];
  });
  // What decided then: the project may be judged by another metric by now.
  const metric = compared[0]?.comparison.verdict.metric ?? decidingMetric(task, choosing.metric);
  const current = compared[0]?.comparison.current ?? null;
  return {
    items: compared.map(({ version, comparison: { candidate, difference, verdict } }) => ({
      version,
      mode: candidate.model.mode,
      trainingMs: listed.find((one) => one.version === version)?.trainingMs ?? null,
      isRecommended: version === run.candidate,
      trainingRows: candidate.model.trainingRows,
      outcome: verdict.outcome,
      metric,
      value: candidate.metrics[metric] ?? null,
      difference: difference?.[metric] ?? null,
      cost: costOf(candidate, costs),
    })),
    current: current && {
      version: current.model.version,
      value: current.metrics[metric] ?? null,
      cost: costOf(current, costs),
    },
  };
}

function costOf({ confusion }: ModelResult, costs: Costs | null): number | null {
  if (confusion === null || costs === null) return null;
  return confusion.fp * costs.falsePositive + confusion.fn * costs.falseNegative;
}
