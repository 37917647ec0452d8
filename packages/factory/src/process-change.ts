/** The planted change: from this day of this month on the factory is another one. */
export const CHANGE_MONTH = 5;
export const CHANGE_DAY = 20;

/** What the change changes; the figures are the simulated world's, not any factory's. */
export interface Process {
  /** Shares of the cylinder-head gasket's suppliers. */
  readonly gasketSuppliers: Readonly<Record<string, number>>;
  /** Lines on which the new tool bolts the cylinder heads. */
  readonly newHeadTool: ReadonlySet<string>;
}

/** The head-bolt tools: where they bolt, and how widely, in standard deviations of the old tool around 24 Nm. */
export const oldHeadTool = { offset: 0, spread: 1 } as const;
export const newHeadTool = { offset: 0.7, spread: 1.1 } as const;

const before: Process = { gasketSuppliers: { G1: 45, G2: 30, G3: 25 }, newHeadTool: new Set() };

/** The tool comes to line L2 first; the stock of old gaskets is used up. */
const rampUp: Process = { gasketSuppliers: { G1: 40, G2: 25, G3: 20, G4: 15 }, newHeadTool: new Set(['L2']) };

const after: Process = { gasketSuppliers: { G1: 30, G3: 20, G4: 50 }, newHeadTool: new Set(['L1', 'L2']) };

/** The process on a day of a month (counted from 1). */
export function processOn(month: number, dayOfMonth: number): Process {
  if (month > CHANGE_MONTH) return after;
  return month === CHANGE_MONTH && dayOfMonth >= CHANGE_DAY ? rampUp : before;
}
