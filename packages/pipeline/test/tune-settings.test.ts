import { describe, expect, test } from 'vitest';
import { TrainingSettings } from '@kaefer/contracts';
import { drawSettings, tunedSettings } from '../src/train/draw-settings.ts';
import { tuneSettings, type TuningTask } from '../src/train/tune-settings.ts';

const own = TrainingSettings.parse({ rounds: 77, seed: 5 });

/** A search in which each try takes 100 ms and deep trees are good; fewer rows make it blurred, but not unfair. */
function searchOf(limit: number, more: Partial<TuningTask> = {}): TuningTask & { readonly calls: string[] } {
  let clock = 0;
  const calls: string[] = [];
  return {
    own,
    rows: 80_000,
    limit,
    calls,
    now: () => clock,
    onProgress: () => undefined,
    lossOf: (settings, every) => {
      clock += 100;
      calls.push(`${settings.maxDepth} ${every}`);
      return Promise.resolve(1 / settings.maxDepth + every / 1000);
    },
    ...more,
  };
}

describe('settings that are tried', () => {
  test('follow from the seed and their number, lie where they may, and keep what is not tuned', () => {
    expect(drawSettings(own, 0)).toBe(own);
    for (let nth = 1; nth < 200; nth++) {
      const drawn = drawSettings(own, nth);
      expect(drawSettings(own, nth)).toEqual(drawn);
      expect(TrainingSettings.parse(drawn)).toEqual(drawn);
      expect(drawn).toMatchObject({ rounds: 77, seed: 5, maxBin: own.maxBin });
    }
    expect(drawSettings({ ...own, seed: 6 }, 1)).not.toMatchObject(
      Object.fromEntries(tunedSettings.map((name) => [name, drawSettings(own, 1)[name]])),
    );
  });
});

describe('successive halving', () => {
  test('tries many on an eighth of the rows, and half of them on twice as many, until one is left', async () => {
    const search = searchOf(2000);
    const { settings, tuning } = await tuneSettings(search);
    const rounds = [10_000, 20_000, 40_000, 80_000].map((rows) =>
      tuning.tried.filter((one) => one.rows === rows).map(({ nth }) => nth),
    );
    expect(rounds.map(({ length }) => length)).toEqual([8, 4, 2, 1]);
    expect(rounds[0]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const deepest = Math.max(...[0, 1, 2, 3, 4, 5, 6, 7].map((nth) => drawSettings(own, nth).maxDepth));
    expect(settings.maxDepth).toBe(deepest);
    expect(rounds[3]).toEqual([tuning.chosen]);
    expect(drawSettings(own, tuning.chosen)).toEqual(settings);
    expect(tuning.milliseconds).toBe(1500);
  });

  test('with more time tries more, and the same ones first', async () => {
    const [short, long] = [searchOf(1000), searchOf(4000)];
    await tuneSettings(short);
    await tuneSettings(long);
    const first = ({ calls }: typeof short) => calls.filter((call) => call.endsWith(' 8'));
    expect(first(long).length).toBeGreaterThan(first(short).length);
    expect(first(long).slice(0, first(short).length)).toEqual(first(short));
  });

  test('without time for one round, or without a loss, the project’s own settings stay', async () => {
    expect((await tuneSettings(searchOf(1))).settings).toBe(own);
    const blind = await tuneSettings(
      searchOf(900, { lossOf: () => Promise.resolve(Number.NaN), now: ticking() }),
    );
    expect(blind.settings).toBe(own);
    function ticking(): () => number {
      let clock = 0;
      return () => (clock += 50);
    }
  });

  test('of few rows sees all of them at once', async () => {
    const search = searchOf(900, { rows: 3000 });
    const { tuning } = await tuneSettings(search);
    expect(new Set(tuning.tried.map(({ rows }) => rows))).toEqual(new Set([3000]));
  });
});
