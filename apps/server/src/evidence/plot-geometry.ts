import type { Plot, Point } from './evidence-document.ts';

/** Where the parts of a plot lie, in a drawing of this size with its origin at the upper left. */
export const plotSize = { width: 420, height: 320 } as const;
const margin = { left: 56, right: 12, top: 12, bottom: 48 } as const;
const ticks = 5;

export interface Axis {
  readonly ticks: readonly number[];
  /** Place of a value, to a tenth. */
  at(value: number): number;
}

export interface PlotGeometry {
  readonly x: Axis;
  readonly y: Axis;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
}

/** The axes start at the smallest and end at the largest value, or where the plot's domain says. */
export function layOutPlot({ series, domain }: Plot): PlotGeometry {
  const points = series.flatMap((one) => one.points);
  const { width, height } = plotSize;
  const bottom = height - margin.bottom;
  const right = width - margin.right;
  const x = axisOf([...points.map(([value]) => value), ...(domain?.x ?? [])], margin.left, right);
  const y = axisOf([...points.map(([, value]) => value), ...(domain?.y ?? [])], bottom, margin.top);
  return { x, y, left: margin.left, right, bottom };
}

export function placed({ x, y }: PlotGeometry, points: readonly Point[]): Point[] {
  return points.map(([a, b]) => [x.at(a), y.at(b)]);
}

function axisOf(values: readonly number[], from: number, to: number): Axis {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  const range = high > low ? high - low : 1;
  return {
    ticks: Array.from({ length: ticks }, (_, index) => low + (range * index) / (ticks - 1)),
    at: (value) => Math.round((from + ((value - low) / range) * (to - from)) * 10) / 10,
  };
}
