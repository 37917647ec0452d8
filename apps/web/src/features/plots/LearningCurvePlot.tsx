import type { LearningCurve } from '@kaefer/contracts';
import { gridY, line, ruleX, text } from '@observablehq/plot';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Legend } from './Legend.tsx';
import { PlotFigure } from './PlotFigure.tsx';
import { candidateColor, currentColor, currentDash } from './series.ts';

/** Error by round, on training and on validation rows. */
export function LearningCurvePlot({ curve }: { curve: LearningCurve }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { metric, firstRound, train, validation, bestRound } = curve;

  const options = useCallback(
    () => ({
      height: 260,
      x: {
        label: t('progress.round'),
        tickFormat: (round: number) => (Number.isInteger(round) ? format.integer(round) : ''),
      },
      y: { label: metric, tickFormat: (value: number) => format.plain(value), nice: true },
      marks: [
        gridY({ strokeOpacity: 0.15 }),
        line(train, {
          x: (_value: number, index: number) => firstRound + index,
          y: (value: number) => value,
          stroke: currentColor,
          strokeWidth: 2,
          strokeDasharray: currentDash,
        }),
        line(validation, {
          x: (_value: number, index: number) => firstRound + index,
          y: (value: number) => value,
          stroke: candidateColor,
          strokeWidth: 2.5,
        }),
        ...(bestRound === null
          ? []
          : [
              ruleX([bestRound], { stroke: 'currentColor', strokeOpacity: 0.4 }),
              text([bestRound], {
                x: (round: number) => round,
                text: () => t('progress.bestRound', { round: bestRound }),
                frameAnchor: 'top',
                textAnchor: 'end',
                dx: -6,
                fill: 'currentColor',
              }),
            ]),
      ],
    }),
    [t, format, metric, firstRound, train, validation, bestRound],
  );

  return (
    <PlotFigure
      label={t('progress.curveLabel', {
        rounds: train.length,
        metric,
        train: format.number(train.at(-1)),
        validation: format.number(validation.at(-1)),
      })}
      options={options}
      legend={
        <Legend
          items={[
            { name: t('progress.trainSeries'), color: currentColor, look: 'dashed' },
            { name: t('progress.validationSeries'), color: candidateColor, look: 'line' },
          ]}
        />
      }
    />
  );
}
