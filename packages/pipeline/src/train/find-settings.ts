import { availableParallelism } from 'node:os';
import { train } from '@kaefer/xgboost';
import type { Task, TrainingSettings } from '@kaefer/contracts';
import type { Prepared } from '../prepare/index.ts';
import { boostingParameters, lossOf } from './boosting-parameters.ts';
import { meanOf, openPlain, openTraining } from './training-matrices.ts';
import { tuneSettings } from './tune-settings.ts';

/** Rounds without improvement after which a try ends where the project's trainings never stop early. */
const patience = 30;

/** Tunes on the prepared rows: each try is a training of its own with early stopping, of which only the loss is kept. */
export async function findSettings(
  prepared: Prepared,
  request: { readonly task: Task; readonly settings: TrainingSettings },
  onTuning: (fraction: number) => void,
): Promise<Awaited<ReturnType<typeof tuneSettings>>> {
  const names = prepared.features.map(({ name }) => name);
  const threads = availableParallelism();
  const validation = openPlain(prepared.validation, names, threads);
  const metric = lossOf[request.task];
  try {
    return await tuneSettings({
      own: request.settings,
      rows: prepared.training.rows,
      limit: request.settings.tuningMinutes * 60_000,
      now: () => performance.now(),
      onProgress: onTuning,
      lossOf: async (settings, every) => {
        const training = openTraining(prepared.training, names, settings.maxBin, threads, every);
        const share = request.task === 'binary' ? meanOf(training.labels) : undefined;
        const { classes, features } = prepared;
        const parameters = boostingParameters(request.task, classes.length, settings, features, share);
        try {
          const result = await train({ ...parameters, nthread: threads }, training.matrix, {
            rounds: settings.rounds,
            evaluate: [{ matrix: validation.matrix, name: 'validation' }],
            // Without it a setting would be judged by where it happened to end.
            earlyStopping: { rounds: settings.earlyStoppingRounds || patience, metric, on: 'validation' },
          });
          result.booster.dispose();
          return result.bestScore ?? Number.NaN;
        } finally {
          training.close();
        }
      },
    });
  } finally {
    validation.close();
  }
}
