import { TrainingSettings, type Project, type SettingsRequestInput } from '@kaefer/contracts';
import { settingNames } from '../models/setting-names.ts';

type SettingName = (typeof settingNames)[number];

/** What the form holds; text is empty where nothing was typed. */
export interface SettingsChoices {
  readonly exclude: string[];
  readonly confirmed: string[];
  readonly costFalsePositive: string;
  readonly costFalseNegative: string;
  readonly training: Readonly<Record<SettingName, number | string>>;
  /** Columns with which the answer may only rise. */
  readonly rising: string[];
  /** Columns with which the answer may only fall. */
  readonly falling: string[];
  readonly note: string;
}

type ProjectNow = Pick<Project, 'task' | 'exclude' | 'confirmed' | 'costs' | 'training'>;

export function choicesOf({ exclude, confirmed, costs, training }: ProjectNow): SettingsChoices {
  return {
    exclude: [...exclude],
    confirmed: [...confirmed],
    costFalsePositive: costs === null ? '' : String(costs.falsePositive),
    costFalseNegative: costs === null ? '' : String(costs.falseNegative),
    training,
    rising: columnsOf(training.monotone, 1),
    falling: columnsOf(training.monotone, -1),
    note: '',
  };
}

function columnsOf(monotone: TrainingSettings['monotone'], direction: 1 | -1): string[] {
  return Object.keys(monotone).filter((name) => monotone[name] === direction);
}

function monotoneOf({ rising, falling }: SettingsChoices): TrainingSettings['monotone'] {
  return Object.fromEntries([
    ...rising.map((name): [string, 1] => [name, 1]),
    ...falling.map((name): [string, -1] => [name, -1]),
  ]);
}

/** The fields that cannot be saved as they are. */
export function problemsOf({
  costFalsePositive,
  costFalseNegative,
  training,
}: SettingsChoices): (SettingName | 'costs')[] {
  return [
    ...((costFalsePositive === '') === (costFalseNegative === '') ? [] : ['costs' as const]),
    ...settingNames.filter((name) => !TrainingSettings.shape[name].safeParse(training[name]).success),
  ];
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const sorted = (record: TrainingSettings['monotone']): unknown => Object.entries(record).sort();

/** The least and the greatest value of a setting. */
export function rangeOf(name: SettingName): { low: number; high: number } {
  const { minValue, maxValue } = TrainingSettings.shape[name].unwrap();
  return { low: minValue ?? -Infinity, high: maxValue ?? Infinity };
}

/** What has to be sent to make the project so; undefined: nothing changes. */
export function requestOf(project: ProjectNow, choices: SettingsChoices): SettingsRequestInput | undefined {
  const { exclude, confirmed, costFalsePositive, costFalseNegative, note } = choices;
  const monotone = monotoneOf(choices);
  const training = TrainingSettings.safeParse({ ...choices.training, monotone }).data;
  const isSameMonotone = isSame(sorted(monotone), sorted(project.training.monotone));
  const costs =
    costFalsePositive === '' || costFalseNegative === ''
      ? null
      : { falsePositive: Number(costFalsePositive), falseNegative: Number(costFalseNegative) };
  const changed: SettingsRequestInput = {
    ...(isSame(exclude, project.exclude) ? {} : { exclude }),
    ...(isSame(confirmed, project.confirmed) ? {} : { confirmed }),
    ...(project.task !== 'binary' || isSame(costs, project.costs) ? {} : { costs }),
    ...(training === undefined ||
    (isSameMonotone && settingNames.every((name) => training[name] === project.training[name]))
      ? {}
      : { training }),
  };
  if (Object.keys(changed).length === 0) return undefined;
  return note.trim() === '' ? changed : { ...changed, note: note.trim() };
}
