import type { Curves } from '@kaefer/contracts';
import { gridY, rectY, ruleX, ruleY } from '@observablehq/plot';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Legend } from './Legend.tsx';
import { PlotFigure } from './PlotFigure.tsx';
import { negativeColor, positiveColor } from './series.ts';

interface Props {
  readonly model: string;
  readonly scores: NonNullable<Curves['scores']>;
  readonly threshold: number | null;
  readonly names: { positive: string; negative: string };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Shares of each outcome's rows by score: positives upwards, negatives downwards. */
export function ScorePlot({ model, scores, threshold, names }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const positives = sum(scores.positives);
  const negatives = sum(scores.negatives);

  const options = useCallback(() => {
    const bars = (counts: readonly number[], total: number, sign: 1 | -1) =>
      counts.map((count, index) => ({
        x1: index * scores.binWidth,
        x2: (index + 1) * scores.binWidth,
        y: total === 0 ? 0 : (sign * count) / total,
      }));
    const shape = { x1: 'x1', x2: 'x2', y: 'y', insetLeft: 0.5, insetRight: 0.5 };
    return {
      height: 240,
      x: {
        label: t('results.scoreAxis'),
        domain: [0, 1],
        tickFormat: (value: number) => format.percent(value),
        ticks: 5,
      },
      y: {
        label: t('results.rowsAxis'),
        tickFormat: (value: number) => format.percent(Math.abs(value)),
        ticks: 6,
      },
      marks: [
        gridY({ strokeOpacity: 0.12, ticks: 6 }),
        rectY(bars(scores.positives, positives, 1), { ...shape, fill: positiveColor, fillOpacity: 0.75 }),
        rectY(bars(scores.negatives, negatives, -1), {
          ...shape,
          fill: negativeColor,
          fillOpacity: 0.3,
          stroke: negativeColor,
        }),
        ruleY([0], { stroke: 'currentColor', strokeOpacity: 0.5 }),
        ...(threshold === null
          ? []
          : [ruleX([threshold], { stroke: 'currentColor', strokeDasharray: '4 3' })]),
      ],
    };
  }, [t, format, scores, positives, negatives, threshold]);

  return (
    <PlotFigure
      label={t('results.scoresLabel', { model, positives, negatives })}
      options={options}
      maxWidth={520}
      legend={
        <Legend
          items={[
            { name: names.positive, color: positiveColor, look: 'box' },
            { name: names.negative, color: negativeColor, look: 'striped' },
            ...(threshold === null
              ? []
              : [
                  {
                    name: t('execute.threshold', { value: format.percent(threshold) }),
                    color: 'currentColor',
                    look: 'dashed' as const,
                  },
                ]),
          ]}
        />
      }
    />
  );
}
