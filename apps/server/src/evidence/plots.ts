import { html, type Html } from './html.ts';

type Point = readonly [number, number];

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
  readonly kind: 'current' | 'candidate';
}

interface Plot {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
  /** Lines through the points, or the points themselves. */
  readonly marks: 'line' | 'dots';
  readonly format: (value: number) => string;
}

const [width, height, left, bottom, top, right] = [420, 320, 56, 48, 12, 12];
const ticks = 5;

/** A plot of one or two models as inline SVG; the axes start at the smallest and end at the largest value. */
export function plotSvg({ title, x, y, series, marks, format }: Plot): Html {
  const points = series.flatMap((one) => one.points);
  const across = scaleOf(
    points.map(([value]) => value),
    left,
    width - right,
  );
  const up = scaleOf(
    points.map(([, value]) => value),
    height - bottom,
    top,
  );
  return html`<figure>
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
      ${across.ticks.map(
        (value) =>
          html`<text x="${across.at(value)}" y="${height - bottom + 16}" text-anchor="middle"
            >${format(value)}</text
          >`,
      )}
      ${up.ticks.map(
        (value) =>
          html`<line
              class="grid"
              x1="${left}"
              x2="${width - right}"
              y1="${up.at(value)}"
              y2="${up.at(value)}"
            /><text x="${left - 6}" y="${up.at(value) + 4}" text-anchor="end">${format(value)}</text>`,
      )}
      <text x="${(left + width) / 2}" y="${height - 8}" text-anchor="middle">${x}</text>
      <text transform="translate(12 ${height / 2}) rotate(-90)" text-anchor="middle">${y}</text>
      ${series.map(({ points: own, kind }) =>
        marks === 'line'
          ? html`<polyline
              class="${kind}"
              points="${own.map(([a, b]) => `${across.at(a)},${up.at(b)}`).join(' ')}"
            />`
          : html`${own.map(([a, b]) => html`<circle class="${kind}" cx="${across.at(a)}" cy="${up.at(b)}" r="2" />`)}`,
      )}
    </svg>
    <figcaption>
      ${title}. ${series.map(({ name, kind }) => html`<span class="key ${kind}"></span> ${name} `)}
    </figcaption>
  </figure>`;
}

interface Scale {
  readonly ticks: readonly number[];
  /** Place of a value, in the drawing's unit, to a tenth. */
  at(value: number): number;
}

function scaleOf(values: readonly number[], from: number, to: number): Scale {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  const range = high > low ? high - low : 1;
  return {
    ticks: Array.from({ length: ticks }, (_, index) => low + (range * index) / (ticks - 1)),
    at: (value) => Math.round((from + ((value - low) / range) * (to - from)) * 10) / 10,
  };
}
