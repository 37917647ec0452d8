import { gridX, gridY, line } from '@observablehq/plot';
import { useCallback } from 'react';
import { useFormat } from '../../i18n/use-format.ts';
import { Legend } from './Legend.tsx';
import { PlotFigure } from './PlotFigure.tsx';
import { candidateColor, currentColor, currentDash } from './series.ts';

type Points = Array<[number, number]>;

interface Props {
  readonly label: string;
  readonly x: string;
  readonly y: string;
  readonly current: { name: string; points: Points } | null;
  readonly candidate: { name: string; points: Points };
  /** Draws the line of chance from corner to corner. */
  readonly diagonal?: boolean;
}

/** Two curves in the unit square, laid over each other. */
export function CurvePair({ label, x, y, current, candidate, diagonal = false }: Props) {
  const format = useFormat();
  const currentPoints = current?.points;
  const candidatePoints = candidate.points;
  const options = useCallback(
    (width: number) => ({
      height: Math.min(width, 380),
      x: { label: x, domain: [0, 1], tickFormat: (value: number) => format.percent(value), ticks: 5 },
      y: { label: y, domain: [0, 1], tickFormat: (value: number) => format.percent(value), ticks: 5 },
      marks: [
        gridX({ strokeOpacity: 0.12, ticks: 5 }),
        gridY({ strokeOpacity: 0.12, ticks: 5 }),
        ...(diagonal
          ? [
              line(
                [
                  [0, 0],
                  [1, 1],
                ],
                { stroke: 'currentColor', strokeOpacity: 0.45, strokeDasharray: '2 4' },
              ),
            ]
          : []),
        ...(currentPoints
          ? [line(currentPoints, { stroke: currentColor, strokeWidth: 2.2, strokeDasharray: currentDash })]
          : []),
        line(candidatePoints, { stroke: candidateColor, strokeWidth: 2.5 }),
      ],
    }),
    [x, y, diagonal, currentPoints, candidatePoints, format],
  );
  return (
    <PlotFigure
      label={label}
      options={options}
      maxWidth={480}
      legend={
        <Legend
          items={[
            ...(current ? [{ name: current.name, color: currentColor, look: 'dashed' as const }] : []),
            { name: candidate.name, color: candidateColor, look: 'line' },
          ]}
        />
      }
    />
  );
}
