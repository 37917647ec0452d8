import type { ProjectSettings, TrainingSettings } from '@kaefer/contracts';
import { settingNames } from '../models/setting-names.ts';

type SettingName = (typeof settingNames)[number];

/** What one revision of the settings changed. */
export type SettingsDifference =
  | { readonly kind: 'excluded' | 'included' | 'confirmed' | 'unconfirmed'; readonly columns: string[] }
  | { readonly kind: 'reports'; readonly names: string[] }
  | { readonly kind: 'feeds'; readonly names: string[] }
  | { readonly kind: 'holdout'; readonly number: number; readonly needed: number }
  | { readonly kind: 'recipe' }
  | { readonly kind: 'reading' }
  | { readonly kind: 'choosing'; readonly now: ProjectSettings['choosing'] }
  | { readonly kind: 'costs'; readonly now: ProjectSettings['costs'] }
  | { readonly kind: 'monotone'; readonly rising: string[]; readonly falling: string[] }
  | { readonly kind: 'training'; readonly name: SettingName; readonly before: number; readonly now: number };

export function settingsDifference(before: ProjectSettings, now: ProjectSettings): SettingsDifference[] {
  const columns = (
    kind: Extract<SettingsDifference, { columns: string[] }>['kind'],
    from: readonly string[],
    to: readonly string[],
  ): SettingsDifference[] => {
    const added = to.filter((name) => !from.includes(name));
    return added.length === 0 ? [] : [{ kind, columns: added }];
  };
  const isSameCost =
    before.costs?.falsePositive === now.costs?.falsePositive &&
    before.costs?.falseNegative === now.costs?.falseNegative;
  return [
    ...columns('excluded', before.exclude, now.exclude),
    ...columns('included', now.exclude, before.exclude),
    ...columns('confirmed', before.confirmed, now.confirmed),
    ...columns('unconfirmed', now.confirmed, before.confirmed),
    ...(sourcesText(before) === sourcesText(now)
      ? []
      : [{ kind: 'reports' as const, names: now.sources.map(({ name }) => name) }]),
    ...(JSON.stringify(before.feeds) === JSON.stringify(now.feeds)
      ? []
      : [{ kind: 'feeds' as const, names: now.feeds.map(({ name }) => name) }]),
    ...(readingText(before) === readingText(now) ? [] : [{ kind: 'reading' as const }]),
    ...(before.recipe === now.recipe ? [] : [{ kind: 'recipe' as const }]),
    ...(isSameCost ? [] : [{ kind: 'costs' as const, now: now.costs }]),
    ...(JSON.stringify(before.choosing) === JSON.stringify(now.choosing)
      ? []
      : [{ kind: 'choosing' as const, now: now.choosing }]),
    ...now.holdouts.slice(before.holdouts.length).map(({ needed }, index) => ({
      kind: 'holdout' as const,
      number: before.holdouts.length + index + 2,
      needed,
    })),
    ...(monotoneText(before) === monotoneText(now)
      ? []
      : [
          {
            kind: 'monotone' as const,
            rising: columnsWith(now.training.monotone, 1),
            falling: columnsWith(now.training.monotone, -1),
          },
        ]),
    ...changedTraining(before.training, now.training),
  ];
}

const sourcesText = ({ sources }: ProjectSettings): string =>
  JSON.stringify(sources.map(({ name, key }) => ({ name, key })));
const monotoneText = ({ training }: ProjectSettings): string =>
  JSON.stringify(Object.entries(training.monotone).sort());
const columnsWith = (monotone: TrainingSettings['monotone'], direction: 1 | -1): string[] =>
  Object.keys(monotone).filter((name) => monotone[name] === direction);
const readingText = ({ reading, sources }: ProjectSettings): string =>
  JSON.stringify([reading, sources.map((source) => source.reading)]);

function changedTraining(before: TrainingSettings, now: TrainingSettings): SettingsDifference[] {
  return settingNames
    .filter((name) => before[name] !== now[name])
    .map((name) => ({ kind: 'training', name, before: before[name], now: now[name] }));
}
