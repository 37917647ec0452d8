import type { RandomStream } from './random-stream.ts';

export interface Weather {
  /** °C in the hall. */
  readonly temperature: number;
  /** % relative humidity in the hall. */
  readonly humidity: number;
}

/** One day's weather after another: humid spells last some days. */
export function drawWeather(random: RandomStream, days: number): Weather[] {
  let spell = random.normal(0, 1);
  return Array.from({ length: days }, () => {
    spell = 0.7 * spell + random.normal(0, 0.7);
    const humidity = Math.min(97, Math.max(30, 63 + 12 * spell));
    return { humidity, temperature: Math.min(36, Math.max(15, 26 - 3 * spell + random.normal(0, 1.5))) };
  });
}
