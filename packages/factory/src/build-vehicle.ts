import type { WorkingDay } from './calendar.ts';
import {
  bodies,
  colours,
  damperSuppliers,
  engines,
  gearboxes,
  harnessSuppliers,
  markets,
  models,
  seatSuppliers,
  shifts,
} from './catalogue.ts';
import { failureProbability } from './failure-risk.ts';
import { newHeadTool, oldHeadTool, type Process } from './process-change.ts';
import type { RandomStream } from './random-stream.ts';
import type { Vehicle } from './vehicle-columns.ts';
import type { Weather } from './weather.ts';
import { zoneMinutes, zoneNames, type ZoneName } from './zones.ts';

export interface Circumstances {
  readonly knr: string;
  readonly day: WorkingDay;
  readonly weather: Weather;
  readonly process: Process;
  /** Where in the day the vehicle is finished, 0 … 1. */
  readonly timeOfDay: number;
}

type Check = 'ok' | 'nok' | 'not_run';

const NOT_RECORDED = { head: 0.04, suspension: 0.07, steering: 0.05, paint: 0.03, experience: 0.02 } as const;

/** Builds one vehicle and tests it on the road. */
export function buildVehicle(random: RandomStream, circumstances: Circumstances): Vehicle {
  const { knr, day, weather, process, timeOfDay } = circumstances;
  const shift = shifts[timeOfDay < 0.4 ? 0 : timeOfDay < 0.78 ? 1 : 2];
  const line = random.chance(0.55) ? 'L1' : 'L2';
  const model = random.pick(models);
  const body = random.pick(bodies[model]);
  const colour = random.pick(colours);
  const engine = random.pick(engines[model]);
  const gearbox = random.pick(gearboxes[engine]!);
  const gasketSupplier = random.pick(process.gasketSuppliers);
  const harnessSupplier = random.pick(harnessSuppliers);
  const damperSupplier = random.pick(damperSuppliers);
  const experience = random.gamma(shift === 'night' ? 24 : 36, 4);
  const zones = drawZones(random, day.weekday, body);
  const rework = {
    rework_body: random.count(0.12),
    rework_paint: random.count(weather.humidity > 72 ? 0.3 : 0.15),
    rework_trim: random.count(zones.trim_2_min > 38 ? 0.6 : 0.2),
    rework_engine: random.count(0.1),
    rework_chassis: random.count(0.12),
    rework_electric: random.count(harnessSupplier === 'H3' ? 0.3 : 0.15),
  };
  const checks = {
    check_gaps: drawCheck(random, 0.03 + 0.05 * rework.rework_body),
    check_paint: drawCheck(random, 0.03 + 0.05 * rework.rework_paint),
    check_electric: drawCheck(random, 0.02 + 0.05 * rework.rework_electric),
    check_brakes: drawCheck(random, 0.015),
    check_lights: drawCheck(random, 0.02),
  };
  const tightTool = process.newHeadTool.has(line);
  const tool = tightTool ? newHeadTool : oldHeadTool;
  const headDeviation = random.normal(tool.offset - (line === 'L2' ? 0.2 : 0), tool.spread);
  const head = drawTorque(random, 24 + 0.6 * headDeviation, random.gamma(0.5, 6));
  const suspensionSpread = random.gamma(2.6, 5);
  const suspension = drawTorque(random, random.normal(110, 3), suspensionSpread);
  const steering = drawTorque(random, random.normal(68, 2), random.gamma(1.4, 5));
  const humidity = clamp(weather.humidity + random.normal(0, 2), 20, 100);
  const paintThickness = random.normal(120, 7);
  const batteryVoltage = clamp(random.normal(12.62, 0.11), 11.9, 13);
  const leakRate = random.gamma(2, 4) + (rework.rework_engine > 0 ? 0.6 : 0);
  const finalQueueMinutes = random.gamma(shift === 'late' ? 36 : 28, 3);
  const fail = random.chance(
    failureProbability({
      shift,
      body,
      colour,
      engine,
      gearbox,
      gasketSupplier,
      harnessSupplier,
      damperSupplier,
      crewExperienceMonths: experience,
      headDeviation,
      suspensionSpread,
      trimMinutes: zones.trim_1_min + zones.trim_2_min + zones.trim_3_min,
      fluidsMinutes: zones.fluids_min,
      reworkTrim: rework.rework_trim,
      reworkTotal: Object.values(rework).reduce((sum, count) => sum + count, 0),
      checksNok: Object.values(checks).filter((result) => result === 'nok').length,
      humidity,
      paintThickness,
      batteryVoltage,
      finalQueueMinutes,
      leakRate,
      tightTool,
    }),
  );
  const recorded = <Value>(missingShare: number, values: Value): Value | null =>
    random.chance(missingShare) ? null : values;
  const headSeen = recorded(NOT_RECORDED.head, head);
  const suspensionSeen = recorded(
    line === 'L2' ? 2 * NOT_RECORDED.suspension : NOT_RECORDED.suspension,
    suspension,
  );
  const steeringSeen = recorded(NOT_RECORDED.steering, steering);
  return {
    knr,
    build_date: day.date,
    weekday: day.weekday,
    shift,
    line,
    model,
    body,
    colour,
    engine,
    gearbox,
    market: random.pick(markets),
    gasket_supplier: gasketSupplier,
    harness_supplier: harnessSupplier,
    damper_supplier: damperSupplier,
    seat_supplier: random.pick(seatSuppliers),
    crew_experience_months: recorded(NOT_RECORDED.experience, rounded(experience, 1)),
    ...zones,
    ...rework,
    ...checks,
    head_torque_mean: headSeen && headSeen.mean,
    head_torque_sd: headSeen && headSeen.sd,
    head_torque_max: headSeen && headSeen.max,
    suspension_torque_mean: suspensionSeen && suspensionSeen.mean,
    suspension_torque_sd: suspensionSeen && suspensionSeen.sd,
    suspension_torque_max: suspensionSeen && suspensionSeen.max,
    steering_torque_mean: steeringSeen && steeringSeen.mean,
    steering_torque_sd: steeringSeen && steeringSeen.sd,
    steering_torque_max: steeringSeen && steeringSeen.max,
    hall_temperature: rounded(weather.temperature + random.normal(0, 0.8), 1),
    humidity: rounded(humidity, 1),
    oven_temperature: rounded(random.normal(142, 2), 1),
    paint_thickness: recorded(NOT_RECORDED.paint, rounded(paintThickness, 1)),
    battery_voltage: rounded(batteryVoltage, 2),
    leak_rate: rounded(leakRate, 2),
    paint_queue_min: rounded(random.gamma(22, 3), 1),
    final_queue_min: rounded(finalQueueMinutes, 1),
    road_test: fail ? 'fail' : 'ok',
  };
}

/** Minutes of each zone: longer on Mondays and for large bodies, now and then held up. */
function drawZones(random: RandomStream, weekday: string, body: string): Record<ZoneName, number> {
  const pace =
    random.normal(1, 0.05) *
    (weekday === 'mon' ? 1.03 : 1) *
    (body === 'suv' || body === 'pickup' ? 1.05 : 1);
  const minutes = {} as Record<ZoneName, number>;
  for (const zone of zoneNames) {
    const stop = random.chance(0.03) ? random.gamma(8, 2) : 0;
    minutes[zone] = rounded(zoneMinutes[zone] * pace * random.normal(1, 0.1) + stop, 1);
  }
  return minutes;
}

function drawCheck(random: RandomStream, nok: number): Check {
  if (random.chance(0.04)) return 'not_run';
  return random.chance(nok) ? 'nok' : 'ok';
}

/** Statistics of a station's bolts, in Nm. */
function drawTorque(
  random: RandomStream,
  mean: number,
  sd: number,
): { mean: number; sd: number; max: number } {
  return {
    mean: rounded(mean, 2),
    sd: rounded(sd, 2),
    max: rounded(mean + sd * (1 + 0.8 * random.fraction()), 2),
  };
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;
