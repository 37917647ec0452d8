import { buildVehicle } from './build-vehicle.ts';
import { workingDays } from './calendar.ts';
import { FactoryError } from './factory-error.ts';
import { processOn } from './process-change.ts';
import { RandomStream } from './random-stream.ts';
import type { Vehicle } from './vehicle-columns.ts';
import { drawWeather } from './weather.ts';

export interface FactoryOptions {
  /** Same seed, same factory. Default 1. */
  readonly seed?: number;
  /** Vehicles of all months together. Default 60,000. */
  readonly vehicles?: number;
  /** Default 6; the process changes on day 20 of the fifth. */
  readonly months?: number;
  /** First day of the first month. Default 2026-01-01. */
  readonly start?: string;
}

/** All vehicles, month by month and day by day; one is in memory at a time. */
export function* generateVehicles(options: FactoryOptions = {}): Generator<Vehicle, void, undefined> {
  for (let month = 1; month <= (options.months ?? 6); month++) yield* generateMonth(month, options);
}

/**
 * The vehicles of one month (from 1). A month has a random stream of its own: it is the same whether the months
 * before it were generated or not.
 */
export function* generateMonth(
  month: number,
  options: FactoryOptions = {},
): Generator<Vehicle, void, undefined> {
  const { seed = 1, vehicles = 60_000, months = 6, start = '2026-01-01' } = options;
  if (!Number.isInteger(vehicles) || vehicles < 0)
    throw new FactoryError(`${vehicles} vehicles: expected 0 or more.`);
  if (!(month <= months)) throw new FactoryError(`Month ${month}: there are ${months}.`);
  const days = workingDays(start, month);
  const count = Math.floor((vehicles * month) / months) - Math.floor((vehicles * (month - 1)) / months);
  if (count > 999_999)
    throw new FactoryError(`${count} vehicles a month: the production number has room for 999,999.`);
  const random = new RandomStream(seed, month);
  const weather = drawWeather(random, days.length);
  for (let index = 0; index < count; index++) {
    const position = (index / count) * days.length;
    const dayIndex = Math.floor(position);
    const day = days[dayIndex]!;
    yield buildVehicle(random, {
      knr: `K${day.date.slice(2, 4)}${day.date.slice(5, 7)}5${String(index + 1).padStart(6, '0')}`,
      day,
      weather: weather[dayIndex]!,
      process: processOn(month, day.dayOfMonth),
      timeOfDay: position - dayIndex,
    });
  }
}
