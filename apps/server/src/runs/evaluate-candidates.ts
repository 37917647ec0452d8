import { isLoss } from '@kaefer/contracts';
import { countLooks, updateRun, type StoredComparison } from '@kaefer/pipeline';
import { jobBase, jobOptions, removeRunScratch, type StageScope } from './stage-scope.ts';
import { requireVersion } from './train-candidates.ts';

/** Compares each candidate with the current model on today's holdout, and recommends the best. */
export async function evaluate(scope: StageScope): Promise<void> {
  const { context, project, run } = scope;
  const { definition } = project;
  // A run that an older version began has one, and does not list it.
  const trained = run.candidates.filter(({ trainingMs }) => trainingMs !== null);
  const versions = trained.length > 0 ? trained.map(({ version }) => version) : [run.candidate];
  const looks = await countLooks(context.db, definition.id);
  const comparisons: { readonly version: number; readonly comparison: StoredComparison }[] = [];
  for (const [index, version] of versions.entries()) {
    if (version === null) throw new Error(`run ${run.id} reached evaluation without a candidate`);
    const request = {
      run: run.id,
      project: definition.id,
      candidate: version,
      current: run.current,
      datasetVersion: requireVersion(run),
      candidates: versions.length,
      // Rows that a recipe made name the run that changed them.
      newUploads: [...run.uploads, run.id],
      choosing: definition.choosing,
      costs: definition.costs,
      holdouts: definition.holdouts,
      looks,
    };
    const { comparison } = await scope.worker.run(
      { kind: 'evaluate', ...jobBase(scope), request },
      jobOptions(scope),
    );
    comparisons.push({ version, comparison });
    scope.onProgress({ fraction: (index + 1) / versions.length });
  }
  await context.db.transaction().execute(async (transaction) => {
    for (const { version: candidate, comparison } of comparisons) {
      const sides = [
        { version: candidate, result: comparison.candidate },
        { version: run.current, result: comparison.current },
      ];
      for (const { version, result } of sides) {
        if (version === null || result === null) continue;
        await transaction
          .updateTable('models')
          .set({
            metrics: JSON.stringify(result.metrics),
            holdout_rows: comparison.holdout.rows,
            ...(version === candidate ? { verdict: comparison.verdict.outcome } : {}),
          })
          .where('project', '=', definition.id)
          .where('version', '=', version)
          .execute();
      }
    }
    const best = bestOf(comparisons);
    if (best !== undefined) await updateRun(transaction, run.id, 'running', { candidate: best });
  });
  removeRunScratch(context, run.id);
}

/** The candidate whose deciding metric is best; of equals the one that was trained first. */
function bestOf(
  comparisons: readonly { readonly version: number; readonly comparison: StoredComparison }[],
): number | undefined {
  let best: { readonly version: number; readonly worth: number } | undefined;
  for (const { version, comparison } of comparisons) {
    const { metric } = comparison.verdict;
    const value = comparison.candidate.metrics[metric] ?? Number.NaN;
    const worth = isLoss(metric) ? -value : value;
    if (best === undefined || worth > best.worth) best = { version, worth };
  }
  return best?.version;
}
