import type { Cell } from '@kaefer/contracts';
import type { EncodedFeature } from '../features/encoder.ts';

const dayMs = 86_400_000;
/** Digits that a float32 holds. */
const digits = 7;

/** What a model's input says, as a person reads it: a time by its day, null for missing and for texts it never saw. */
export function decodeInput({ type, levels }: EncodedFeature, value: number): Cell {
  if (Number.isNaN(value)) return null;
  switch (type) {
    case 'integer':
    case 'number':
      return Number(value.toPrecision(digits));
    case 'boolean':
      return value === 1;
    case 'date':
    case 'timestamp':
      return new Date(Math.floor(value) * dayMs).toISOString().slice(0, 10);
    case 'text':
      return levels?.[value] ?? null;
  }
}
