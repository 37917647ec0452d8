import { workingDays } from './calendar.ts';
import { csvLine } from './csv-line.ts';
import { generateMonth, type FactoryOptions } from './generate-vehicles.ts';
import { DATA_LABEL, type Vehicle } from './vehicle-columns.ts';
import { zoneNames } from './zones.ts';

/** The reports that a plant's systems give of its vehicles, each apart: none says all. */
export const reportColumns = {
  /** When a vehicle entered each zone, and when it left the last. */
  stations: ['knr', 'station', 'time', 'line', 'model', 'engine'],
  /** What was measured on it and counted. */
  checks: ['knr', 'name', 'value'],
  /** The defects of those that failed their road test. */
  failures: ['knr', 'defect', 'found'],
} as const;

export type ReportName = keyof typeof reportColumns;
export const reportNames = Object.keys(reportColumns) as ReportName[];

/** The names of the check results, which are columns of a vehicle. */
export const checkNames = [
  'rework_body',
  'rework_paint',
  'rework_trim',
  'rework_engine',
  'rework_chassis',
  'rework_electric',
  'head_torque_mean',
  'head_torque_sd',
  'head_torque_max',
  'suspension_torque_mean',
  'suspension_torque_sd',
  'humidity',
  'paint_thickness',
  'battery_voltage',
  'leak_rate',
  'crew_experience_months',
] as const satisfies readonly (keyof Vehicle)[];

/** The zones in order, and the end of the last. */
export const stationNames: readonly string[] = [...zoneNames.map(stationOf), 'end_of_line'];

const defects = ['engine', 'gearbox', 'brakes', 'suspension', 'electrics', 'noise'] as const;
const rowsAChunk = 2000;

/** `stations-simulated-2026-06.csv`; of several months `stations-simulated-2026-01-to-2026-05.csv`. */
export function reportFileName(
  report: ReportName,
  months: { readonly from: number; readonly to: number },
  { start = '2026-01-01' }: FactoryOptions = {},
): string {
  const nameOf = (month: number): string => workingDays(start, month)[0]!.date.slice(0, 7);
  const until = months.to === months.from ? '' : `-to-${nameOf(months.to)}`;
  return `${report}-${DATA_LABEL}-${nameOf(months.from)}${until}.csv`;
}

/**
 * A report on the vehicles of some months (from 1, both ends included) as CSV, in pieces: RFC 4180, UTF-8, commas, a
 * header, CRLF. What was not measured has no row.
 */
export function* reportCsvChunks(
  report: ReportName,
  { from, to }: { readonly from: number; readonly to: number },
  options: FactoryOptions = {},
): Generator<string, void, undefined> {
  let chunk = csvLine(reportColumns[report]);
  let rows = 0;
  for (let month = from; month <= to; month++) {
    for (const vehicle of generateMonth(month, options)) {
      for (const row of rowsOf[report](vehicle)) {
        chunk += csvLine(row);
        rows++;
      }
      if (rows < rowsAChunk) continue;
      yield chunk;
      chunk = '';
      rows = 0;
    }
  }
  yield chunk;
}

type Cells = readonly (string | number | null)[];

const rowsOf: Readonly<Record<ReportName, (vehicle: Vehicle) => Cells[]>> = {
  stations: (vehicle) => {
    const minutes = zoneNames.map((zone) => Number(vehicle[zone]));
    let at = endOf(vehicle) - minutes.reduce((sum, part) => sum + part, 0) * 60;
    const { knr, line, model, engine } = vehicle;
    return stationNames.map((station, place) => {
      const row = [knr, station, timeText(at), line, model, engine];
      at += (minutes[place] ?? 0) * 60;
      return row;
    });
  },
  checks: (vehicle) =>
    checkNames.flatMap((name) => (vehicle[name] === null ? [] : [[vehicle.knr, name, vehicle[name]]])),
  failures: (vehicle) => {
    if (vehicle.road_test !== 'fail') return [];
    const number = Number(String(vehicle.knr).slice(-6));
    return [
      [
        vehicle.knr,
        defects[number % defects.length] ?? null,
        timeText(endOf(vehicle) + 1800 + (number % 7) * 60),
      ],
    ];
  },
};

/** Seconds since 1970 at which a vehicle leaves the line: on its day, between six and four. */
function endOf({ knr, build_date: day }: Vehicle): number {
  const number = Number(String(knr).slice(-6));
  return Date.parse(`${String(day)}T06:00:00Z`) / 1000 + ((number * 37) % 36_000);
}

function timeText(seconds: number): string {
  return new Date(Math.round(seconds) * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

function stationOf(zone: string): string {
  return zone.replace(/_min$/, '');
}
