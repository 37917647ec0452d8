import type { TrainingSettings } from '@kaefer/contracts';

/** The settings of a training in the order in which they are shown. */
export const settingNames = [
  'rounds',
  'incrementalRounds',
  'replay',
  'autoMinutes',
  'tuningMinutes',
  'balance',
  'learningRate',
  'maxDepth',
  'earlyStoppingRounds',
  'minChildWeight',
  'subsample',
  'columnSample',
  'lambda',
  'maxBin',
  'seed',
] as const satisfies ReadonlyArray<keyof TrainingSettings>;
