import type { Cell, Feature, Model } from '@kaefer/contracts';

/** What the form holds: text for every kind of field, empty when the value is not known. */
export type FormValues = Readonly<Record<string, string>>;

const dayMs = 86_400_000;

/** Days since 1970-01-01 as the text that a date field, or a field with time, takes. */
function dayText(days: number, withTime: boolean): string {
  const iso = new Date(Math.round(days * dayMs)).toISOString();
  return withTime ? iso.slice(0, 16) : iso.slice(0, 10);
}

/** The usual value of a feature: its most frequent text, or its median. */
export function usualValue(feature: Feature): string {
  if (feature.type === 'text') return feature.mostFrequent ?? '';
  const { median } = feature;
  if (median === null || median === undefined) return '';
  switch (feature.type) {
    case 'boolean':
      return median >= 0.5 ? 'true' : 'false';
    case 'date':
      return dayText(median, false);
    case 'timestamp':
      return dayText(median, true);
    case 'integer':
      return String(Math.round(median));
    case 'number':
      return String(Number(median.toPrecision(6)));
  }
}

export const usualValues = (features: readonly Feature[]): FormValues =>
  Object.fromEntries(features.map((feature) => [feature.name, usualValue(feature)]));

/** A field's text as the API takes it; empty is a missing value. */
export function toCell(feature: Feature, text: string): Cell {
  if (text.trim() === '') return null;
  switch (feature.type) {
    case 'integer':
    case 'number': {
      const value = Number(text);
      return Number.isFinite(value) ? value : text;
    }
    case 'boolean':
      return text === 'true';
    case 'date':
    case 'timestamp':
    case 'text':
      return text;
  }
}

export const toRow = (features: readonly Feature[], values: FormValues): Record<string, Cell> =>
  Object.fromEntries(features.map((feature) => [feature.name, toCell(feature, values[feature.name] ?? '')]));

/** The fields that count most, by importance, and the rest in the model's order. */
export function groupFields(model: Pick<Model, 'features' | 'importance'>, strongest: number) {
  const rank = new Map(model.importance.map(({ feature }, index) => [feature, index]));
  const strong = model.features
    .filter((feature) => (rank.get(feature.name) ?? Infinity) < strongest)
    .sort((a, b) => (rank.get(a.name) ?? 0) - (rank.get(b.name) ?? 0));
  return { strong, other: model.features.filter((feature) => !strong.includes(feature)) };
}

/** Whether a field's name holds every word that was typed, accents and case aside. */
export function matches(name: string, search: string): boolean {
  const bare = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return bare(search)
    .split(/\s+/)
    .every((word) => bare(name).includes(word));
}
