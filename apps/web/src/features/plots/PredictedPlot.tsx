import { dot, gridX, gridY, line } from '@observablehq/plot';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { PlotFigure } from './PlotFigure.tsx';

interface Props {
  readonly model: string;
  readonly points: Array<[number, number]>;
  /** Smallest and largest value on both axes, the same for both models. */
  readonly domain: [number, number];
  readonly color: string;
}

/** Predicted against true values; on the diagonal the prediction is exact. */
export function PredictedPlot({ model, points, domain, color }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const options = useCallback(
    (width: number) => ({
      height: Math.min(width, 380),
      x: {
        label: t('results.predictedX'),
        domain,
        tickFormat: (value: number) => format.plain(value),
        ticks: 5,
      },
      y: {
        label: t('results.predictedY'),
        domain,
        tickFormat: (value: number) => format.plain(value),
        ticks: 5,
      },
      clip: true,
      marks: [
        gridX({ strokeOpacity: 0.12, ticks: 5 }),
        gridY({ strokeOpacity: 0.12, ticks: 5 }),
        line(
          [
            [domain[0], domain[0]],
            [domain[1], domain[1]],
          ],
          { stroke: 'currentColor', strokeOpacity: 0.6, strokeDasharray: '3 4' },
        ),
        dot(points, { r: 2.5, fill: color, fillOpacity: 0.45 }),
      ],
    }),
    [t, format, points, domain, color],
  );
  return (
    <PlotFigure
      label={t('results.predictedLabel', { count: points.length, model })}
      options={options}
      maxWidth={480}
    />
  );
}
