import { gridY, line, ruleX, text } from '@observablehq/plot';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import type { LearningPoint, LearningPoints } from './learning-points.ts';
import { Legend } from './Legend.tsx';
import { PlotFigure } from './PlotFigure.tsx';
import { candidateColor, currentColor, currentDash } from './series.ts';

/** Error by round, on training and on validation rows. */
export function LearningCurvePlot({ curve: { metric, points, bestRound } }: { curve: LearningPoints }) {
  const { t } = useTranslation();
  const format = useFormat();

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
        line(points, {
          x: 'round',
          y: 'train',
          stroke: currentColor,
          strokeWidth: 2,
          strokeDasharray: currentDash,
        }),
        line(
          points.filter((point: LearningPoint) => point.validation !== null),
          { x: 'round', y: 'validation', stroke: candidateColor, strokeWidth: 2.5 },
        ),
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
    [t, format, metric, points, bestRound],
  );
  const last = points.at(-1);

  return (
    <PlotFigure
      label={t('progress.curveLabel', {
        rounds: last?.round ?? 0,
        metric,
        train: format.number(last?.train),
        validation: format.number(last?.validation),
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
