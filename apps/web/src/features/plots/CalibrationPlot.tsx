import type { Curves } from '@kaefer/contracts';
import { dot, gridX, gridY, line, link } from '@observablehq/plot';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Legend } from './Legend.tsx';
import { PlotFigure } from './PlotFigure.tsx';
import { candidateColor, currentColor, currentDash } from './series.ts';

type Groups = NonNullable<Curves['calibration']>['groups'];

export interface CalibratedSide {
  readonly name: string;
  readonly groups: Groups;
  readonly isCandidate: boolean;
}

/** What happens where a model says so much, with intervals; on the diagonal all that it says is true. */
export function CalibrationPlot({ sides }: { readonly sides: readonly CalibratedSide[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const options = useCallback(
    (width: number) => {
      // Where all probabilities are low the whole square would leave the points in a corner.
      const most = Math.max(
        ...sides.flatMap(({ groups }) =>
          groups.flatMap(({ predicted, observed }) => [predicted, observed * 1.1]),
        ),
      );
      const end = Math.min(1, most);
      const axis = { domain: [0, end], tickFormat: (value: number) => format.percent(value, 1), ticks: 5 };
      return {
        height: Math.min(width, 380),
        x: { ...axis, label: t('results.calibrationX') },
        y: { ...axis, label: t('results.calibrationY'), clamp: true },
        marks: [
          gridX({ strokeOpacity: 0.12, ticks: 5 }),
          gridY({ strokeOpacity: 0.12, ticks: 5 }),
          line(
            [
              [0, 0],
              [end, end],
            ],
            { stroke: 'currentColor', strokeOpacity: 0.45, strokeDasharray: '2 4' },
          ),
          ...sides.flatMap(({ groups, isCandidate }) => {
            const stroke = isCandidate ? candidateColor : currentColor;
            const place = { x: 'predicted', y: 'observed' } as const;
            const dash = isCandidate ? {} : { strokeDasharray: currentDash };
            return [
              link(groups, {
                x1: 'predicted',
                x2: 'predicted',
                y1: 'low',
                y2: 'high',
                stroke,
                strokeOpacity: 0.5,
              }),
              line(groups, { ...place, stroke, strokeWidth: 2, ...dash }),
              dot(groups, { ...place, fill: stroke, r: 4 }),
            ];
          }),
        ],
      };
    },
    [sides, t, format],
  );
  return (
    <PlotFigure
      label={t('results.calibrationLabel')}
      options={options}
      maxWidth={480}
      legend={
        <Legend
          items={sides.map(({ name, isCandidate }) => ({
            name,
            color: isCandidate ? candidateColor : currentColor,
            look: isCandidate ? ('line' as const) : ('dashed' as const),
          }))}
        />
      }
    />
  );
}
