import type { Tuning, TrainingSettings } from '@kaefer/contracts';
import { drawSettings, tunedSettings } from './draw-settings.ts';

/** A first round with fewer rows than this tells nothing. */
const fewestRows = 2000;
/** The first round sees one row in so many. */
const firstShare = 8;
const mostTried = 64;
/** Share of the time that the first round may take; the later ones take about as long each, on twice the rows with half the settings. */
const firstRoundShare = 0.4;

export interface TuningTask {
  readonly own: TrainingSettings;
  /** Training rows in all. */
  readonly rows: number;
  /** Milliseconds. */
  readonly limit: number;
  /**
   * Trains on every `every`-th row and tells the loss on the validation rows; the smaller the better. Never sees the holdout.
   */
  readonly lossOf: (settings: TrainingSettings, every: number) => Promise<number>;
  readonly now: () => number;
  /** Told the share of the time that is over, 0 to 1. */
  readonly onProgress: (fraction: number) => void;
}

/**
 * Looks for better settings by successive halving (Jamieson & Talwalkar, "Non-stochastic best arm identification and
 * hyperparameter optimization", 2016): many on an eighth of the rows, the better half of them on twice as many, until one is
 * left or all rows are used.
 *
 * Time decides how many are tried, nothing else: what is tried, in which order, follows from the seed. When it is over the best of
 * the last complete round is chosen; without one the project's own stay.
 */
export async function tuneSettings({
  own,
  rows,
  limit,
  lossOf,
  now,
  onProgress,
}: TuningTask): Promise<{ readonly settings: TrainingSettings; readonly tuning: Tuning }> {
  const startedAt = now();
  const spent = (): number => now() - startedAt;
  const tried: Tuning['tried'] = [];
  const tryOne = async (settings: TrainingSettings, nth: number, every: number): Promise<number> => {
    const loss = await lossOf(settings, every);
    const changed = Object.fromEntries(tunedSettings.map((name) => [name, settings[name]]));
    tried.push({ nth, rows: Math.ceil(rows / every), loss, settings: changed });
    onProgress(Math.min(1, spent() / limit));
    return loss;
  };
  let every = Math.max(1, Math.min(firstShare, Math.floor(rows / fewestRows)));
  let round: { readonly nth: number; readonly settings: TrainingSettings; readonly loss: number }[] = [];
  for (let nth = 0; nth < mostTried && (nth === 0 || spent() < limit * firstRoundShare); nth++) {
    const settings = drawSettings(own, nth);
    round.push({ nth, settings, loss: await tryOne(settings, nth, every) });
  }
  round.sort(byLoss);
  while (round.length > 1 && every > 1) {
    every = Math.max(1, Math.floor(every / 2));
    const kept = round.slice(0, Math.ceil(round.length / 2));
    const next: typeof round = [];
    for (const { nth, settings } of kept) {
      if (spent() >= limit) break;
      next.push({ nth, settings, loss: await tryOne(settings, nth, every) });
    }
    if (next.length < kept.length) break;
    round = next.sort(byLoss);
    if (kept.length === 1) break;
  }
  const best = round[0];
  return {
    settings: best?.settings ?? own,
    tuning: { chosen: best?.nth ?? 0, milliseconds: Math.round(spent()), tried },
  };
}

/** A loss that is no number is the worst. */
function byLoss(
  a: { readonly nth: number; readonly loss: number },
  b: { readonly nth: number; readonly loss: number },
): number {
  const [lossA, lossB] = [a, b].map(({ loss }) => (Number.isFinite(loss) ? loss : Infinity)) as [
    number,
    number,
  ];
  return lossA === lossB ? a.nth - b.nth : lossA < lossB ? -1 : 1;
}
