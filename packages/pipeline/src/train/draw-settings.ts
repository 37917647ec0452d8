import { createHash } from 'node:crypto';
import type { TrainingSettings } from '@kaefer/contracts';

/** The settings that tuning looks for, and where: whole numbers, shares, or numbers whose order of magnitude counts. */
const space = {
  maxDepth: { kind: 'whole', low: 3, high: 10 },
  learningRate: { kind: 'magnitude', low: 0.02, high: 0.2 },
  minChildWeight: { kind: 'magnitude', low: 1, high: 60 },
  subsample: { kind: 'share', low: 0.5, high: 1 },
  columnSample: { kind: 'share', low: 0.4, high: 1 },
  lambda: { kind: 'magnitude', low: 0.1, high: 20 },
} as const satisfies Partial<Record<keyof TrainingSettings, { kind: string; low: number; high: number }>>;

type Tuned = keyof typeof space;
export const tunedSettings = Object.keys(space) as Tuned[];

/**
 * The settings that tuning tries `nth`: the project's own first, then random ones (Bergstra & Bengio, "Random search for
 * hyper-parameter optimization", 2012), which follow from the project's seed and the number alone.
 */
export function drawSettings(own: TrainingSettings, nth: number): TrainingSettings {
  if (nth === 0) return own;
  const drawn = tunedSettings.map((name): [Tuned, number] => {
    const { kind, low, high } = space[name];
    const share = fractionOf(`${own.seed} ${nth} ${name}`);
    if (kind === 'whole') return [name, low + Math.floor(share * (high - low + 1))];
    const value = kind === 'share' ? low + share * (high - low) : low * (high / low) ** share;
    // A person reads them.
    return [name, Number(value.toPrecision(2))];
  });
  return { ...own, ...Object.fromEntries(drawn) };
}

/** A number from 0 to below 1 that follows from a text. */
function fractionOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32;
}
