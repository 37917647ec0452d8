import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import {
  DATA_LABEL,
  generateMonth,
  generateVehicles,
  monthCsvChunks,
  monthFileName,
  vehicleColumns,
  writeMonthCsv,
  type FactoryOptions,
  type Vehicle,
} from '../src/index.ts';

const vehicles = [...generateVehicles({ seed: 1 })];
const numbersOf = (name: keyof Vehicle, rows: readonly Vehicle[] = vehicles): number[] =>
  rows.map((row) => row[name]).filter((value): value is number => typeof value === 'number');
const failureRate = (rows: readonly Vehicle[]): number =>
  rows.filter(({ road_test }) => road_test === 'fail').length / rows.length;

function digest(options: FactoryOptions, months = [1, 2, 3, 4, 5, 6]): string {
  const hash = createHash('sha256');
  for (const month of months) for (const chunk of monthCsvChunks(month, options)) hash.update(chunk);
  return hash.digest('hex');
}

describe('the same seed gives the same bytes', () => {
  test('every time', () => {
    expect(digest({ seed: 4, vehicles: 3000 })).toBe(digest({ seed: 4, vehicles: 3000 }));
    expect(digest({ seed: 5, vehicles: 3000 })).not.toBe(digest({ seed: 4, vehicles: 3000 }));
  });

  test('as when this was written', () => {
    expect(digest({ seed: 1, vehicles: 6000 })).toBe(
      '5770d5eba89b89a3594354650a70a704085f3cdb0782f9aa2229be6fc2ac1e28',
    );
  });

  test('for a month alone and among the others', () => {
    expect([...generateMonth(6, { vehicles: 600 })]).toEqual(
      [...generateVehicles({ vehicles: 600 })].slice(500),
    );
  });
});

describe('60,000 vehicles of six months', () => {
  test('have a row each, under a number that no tool reads as one', () => {
    expect(vehicles).toHaveLength(60_000);
    const keys = new Set(vehicles.map(({ knr }) => knr));
    expect(keys.size).toBe(60_000);
    for (const key of keys) expect(key).toMatch(/^K26\d{2}5\d{6}$/);
  });

  test('have exactly the columns that are described, in both languages', () => {
    const names = vehicleColumns.map(({ name }) => name);
    expect(names.length).toBe(61);
    expect(new Set(names).size).toBe(names.length);
    for (const vehicle of vehicles.slice(0, 50))
      expect(Object.keys(vehicle).sort()).toEqual([...names].sort());
    for (const { english, portuguese } of vehicleColumns) {
      expect(english).not.toBe(portuguese);
      expect(Math.min(english.length, portuguese.length)).toBeGreaterThan(2);
    }
  });

  test('hold values of the type that their column says', () => {
    for (const { name, type } of vehicleColumns) {
      const numeric = type === 'number' || type === 'count';
      for (const vehicle of vehicles.slice(0, 2000)) {
        const value = vehicle[name];
        if (value === null) continue;
        expect(typeof value, name).toBe(numeric ? 'number' : 'string');
        if (type === 'count') expect(Number.isInteger(value)).toBe(true);
      }
    }
  });

  test('were built from January to June, on working days, in order', () => {
    const dates = vehicles.map(({ build_date }) => String(build_date));
    expect([...dates].sort()).toEqual(dates);
    expect([dates[0], dates.at(-1)]).toEqual(['2026-01-01', '2026-06-30']);
    expect(dates.some((date) => new Date(date).getUTCDay() === 0)).toBe(false);
  });

  test('miss some torques, more of them on line L2', () => {
    const missing = (name: keyof Vehicle, rows: readonly Vehicle[] = vehicles) =>
      rows.filter((row) => row[name] === null).length / rows.length;
    expect(missing('head_torque_mean')).toBeCloseTo(0.04, 2);
    const onLine = (line: string) =>
      missing(
        'suspension_torque_sd',
        vehicles.filter((row) => row.line === line),
      );
    expect(onLine('L2')).toBeGreaterThan(1.7 * onLine('L1'));
    expect(missing('humidity')).toBe(0);
    expect(missing('road_test')).toBe(0);
  });

  test.each([
    ['humidity', 20, 100],
    ['hall_temperature', 10, 42],
    ['battery_voltage', 11.9, 13],
    ['paint_thickness', 85, 155],
    ['head_torque_mean', 20, 28],
    ['suspension_torque_mean', 95, 125],
    ['steering_torque_mean', 58, 78],
    ['oven_temperature', 130, 155],
    ['leak_rate', 0, 20],
    ['wheels_min', 3, 120],
    ['final_line_min', 10, 150],
    ['crew_experience_months', 0, 250],
    ['rework_trim', 0, 12],
  ] as const)('%s lies between %d and %d and varies', (name, low, high) => {
    const values = numbersOf(name);
    const smallest = values.reduce((a, b) => Math.min(a, b));
    const largest = values.reduce((a, b) => Math.max(a, b));
    expect(smallest).toBeGreaterThanOrEqual(low);
    expect(largest).toBeLessThanOrEqual(high);
    expect(largest).toBeGreaterThan(smallest);
  });
});

describe('road tests', () => {
  const old = vehicles.filter(({ build_date }) => String(build_date) < '2026-05-20');
  const june = vehicles.filter(({ build_date }) => String(build_date) >= '2026-06-01');
  const turbo = ({ engine }: Vehicle) => ['E10T', 'E14T', 'D20', 'H14'].includes(String(engine));
  const tight = ({ head_torque_mean: mean }: Vehicle) => typeof mean === 'number' && mean > 24.6;
  const loose = ({ head_torque_mean: mean }: Vehicle) => typeof mean === 'number' && mean < 23.4;

  test('fail for about six vehicles in a hundred, more often in June', () => {
    expect(failureRate(vehicles)).toBeGreaterThan(0.055);
    expect(failureRate(vehicles)).toBeLessThan(0.068);
    expect(failureRate(june)).toBeGreaterThan(1.5 * failureRate(old));
  });

  test('fail for loosely bolted turbo engines before the change, for tightly bolted ones after it', () => {
    expect(failureRate(old.filter((v) => turbo(v) && loose(v)))).toBeGreaterThan(
      2 * failureRate(old.filter((v) => turbo(v) && tight(v))),
    );
    expect(failureRate(june.filter((v) => turbo(v) && tight(v)))).toBeGreaterThan(
      2 * failureRate(june.filter((v) => turbo(v) && loose(v))),
    );
  });

  test('meet a supplier of gaskets from 20 May on whom nobody knew, and whose engines dislike fast filling', () => {
    const fromG4 = vehicles.filter(({ gasket_supplier }) => gasket_supplier === 'G4');
    expect(fromG4[0]!.build_date).toBe('2026-05-20');
    const fast = ({ fluids_min: minutes }: Vehicle) => typeof minutes === 'number' && minutes < 13;
    expect(failureRate(fromG4.filter(fast))).toBeGreaterThan(
      1.5 * failureRate(fromG4.filter((v) => !fast(v))),
    );
    const others = june.filter(({ gasket_supplier }) => gasket_supplier !== 'G4');
    expect(failureRate(others.filter(fast))).toBeLessThan(1.3 * failureRate(others.filter((v) => !fast(v))));
  });

  test('fail by interactions: effect paints on humid days, not on dry ones', () => {
    const effect = ({ colour }: Vehicle) =>
      ['pearl_white', 'red_metallic', 'blue_metallic'].includes(String(colour));
    const humid = old.filter(({ humidity }) => Number(humidity) > 72);
    const dry = old.filter(({ humidity }) => Number(humidity) <= 72);
    expect(failureRate(humid.filter(effect))).toBeGreaterThan(
      2 * failureRate(humid.filter((v) => !effect(v))),
    );
    expect(failureRate(dry.filter(effect))).toBeLessThan(1.3 * failureRate(dry.filter((v) => !effect(v))));
  });
});

describe('the file of a month', () => {
  const folder = mkdtempSync(join(tmpdir(), 'factory-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is called simulated', () => {
    expect(DATA_LABEL).toBe('simulated');
    expect(monthFileName(6)).toBe('vehicles-simulated-2026-06.csv');
    expect(monthFileName(2, { start: '2025-12-01' })).toBe('vehicles-simulated-2026-01.csv');
  });

  test('holds a header and a line a vehicle, missing values empty', async () => {
    const path = join(folder, monthFileName(2));
    await writeMonthCsv(path, 2, { vehicles: 1200 });
    const text = readFileSync(path, 'utf8');
    expect(text.endsWith('\r\n')).toBe(true);
    const [header, ...lines] = text.trimEnd().split('\r\n');
    const names = vehicleColumns.map(({ name }) => name);
    expect(header).toBe(names.join(','));
    const rows = [...generateMonth(2, { vehicles: 1200 })];
    expect(lines).toEqual(rows.map((row) => names.map((name) => String(row[name] ?? '')).join(',')));
    expect(lines.join('\n')).toMatch(/,,/);
  });

  test('may go to a stream, which is ended', async () => {
    const chunks: Buffer[] = [];
    const stream = new Writable({
      write(chunk: Buffer, _, done) {
        chunks.push(chunk);
        done();
      },
    });
    await writeMonthCsv(stream, 1, { vehicles: 600 });
    expect(stream.writableFinished).toBe(true);
    expect(Buffer.concat(chunks).toString('utf8')).toBe([...monthCsvChunks(1, { vehicles: 600 })].join(''));
  });
});

test('what makes no sense is refused', () => {
  const refused: unknown = expect.objectContaining({ code: 'factory_invalid_argument' });
  expect(() => [...generateVehicles({ start: '2026-01-15', vehicles: 1 })]).toThrow(refused);
  expect(() => [...generateMonth(7)]).toThrow(refused);
  expect(() => [...generateVehicles({ vehicles: -1 })]).toThrow(refused);
  expect(() => [...generateMonth(0)]).toThrow(refused);
});
