import { turboEngines } from './catalogue.ts';

/** What the simulated world lets decide over a road test; see README.md for the same in words. */
export interface RiskFactors {
  readonly shift: string;
  readonly body: string;
  readonly colour: string;
  readonly engine: string;
  readonly gearbox: string;
  readonly gasketSupplier: string;
  readonly harnessSupplier: string;
  readonly damperSupplier: string;
  readonly crewExperienceMonths: number;
  /** Deviation of the head bolts' mean torque from 24 Nm, in units of 0.6 Nm. */
  readonly headDeviation: number;
  readonly suspensionSpread: number;
  readonly trimMinutes: number;
  readonly fluidsMinutes: number;
  readonly reworkTrim: number;
  readonly reworkTotal: number;
  readonly checksNok: number;
  readonly humidity: number;
  readonly paintThickness: number;
  readonly batteryVoltage: number;
  readonly finalQueueMinutes: number;
  readonly leakRate: number;
  /** Whether the new head-bolt tool was used. */
  readonly tightTool: boolean;
}

const BASE = -4.95;
const positivePart = (value: number): number => Math.max(0, value);

/** The probability that the vehicle fails its road test. */
export function failureProbability(factors: RiskFactors): number {
  const logOdds =
    BASE +
    gasketRisk(factors) +
    haste(factors) +
    moistPaint(factors) +
    leak(factors) +
    wiring(factors) +
    ride(factors) +
    flatBattery(factors) +
    airInCoolant(factors) +
    0.22 * Math.min(4, factors.reworkTotal) +
    0.7 * factors.checksNok;
  return 1 / (1 + Math.exp(-logOdds));
}

/**
 * Before the change, loosely bolted heads leak, most of all with the gaskets of G3 and at night. After it, the
 * new tool bolts tighter: the turbo engines' gaskets are crushed instead, those of G4 most of all.
 */
function gasketRisk({ headDeviation, gasketSupplier, shift, engine, tightTool }: RiskFactors): number {
  if (tightTool && turboEngines.has(engine)) {
    return positivePart(headDeviation - 0.3) * (gasketSupplier === 'G4' ? 2.6 : 1.3);
  }
  const night = shift === 'night' ? 1.6 : 1;
  return positivePart(-headDeviation - 0.5) * (gasketSupplier === 'G3' ? 2.2 : 1.1) * night;
}

/** A vehicle that took long in trim and was reworked there was put together in haste afterwards. */
const haste = ({ trimMinutes, reworkTrim }: RiskFactors): number =>
  reworkTrim > 0 && trimMinutes > 100 ? 1.6 + 0.06 * Math.min(30, trimMinutes - 100) : 0;

const effectPaints = new Set(['pearl_white', 'red_metallic', 'blue_metallic']);

/** Effect paints on humid days dry badly where they are thin. */
const moistPaint = ({ humidity, colour, paintThickness }: RiskFactors): number =>
  humidity > 72 && effectPaints.has(colour) ? 1.8 + 0.09 * positivePart(118 - paintThickness) : 0;

/** A leak matters in engines with a dual-clutch gearbox, which share their oil. */
const leak = ({ gearbox, engine, leakRate }: RiskFactors): number =>
  positivePart(leakRate - 3) * (gearbox === 'dual_clutch' && engine !== 'E20' ? 1.6 : 0.2);

/** Inexperienced crews pinch the stiff harness of H3. */
const wiring = ({ harnessSupplier, crewExperienceMonths }: RiskFactors): number =>
  harnessSupplier === 'H3' ? 0.13 * positivePart(22 - crewExperienceMonths) : 0;

/** Unevenly bolted suspensions rattle, in heavy bodies and with the dampers of D2. */
const ride = ({ suspensionSpread, body, damperSupplier }: RiskFactors): number =>
  positivePart(suspensionSpread - 3.2) *
  (body === 'pickup' || body === 'suv' ? 1 : 0.35) *
  (damperSupplier === 'D2' ? 1.3 : 0.6);

/** A weak battery that waits long before the final line is flat at the road test. */
const flatBattery = ({ batteryVoltage, finalQueueMinutes }: RiskFactors): number =>
  batteryVoltage < 12.45 && finalQueueMinutes > 45 ? 2.4 : 0;

/** The failure mode that comes with the gaskets of G4: filled too fast, air stays in the coolant. */
const airInCoolant = ({ gasketSupplier, fluidsMinutes }: RiskFactors): number =>
  gasketSupplier === 'G4' ? Math.min(4, positivePart(14.3 - fluidsMinutes)) : 0;
