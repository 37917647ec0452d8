import type { Costs } from '@kaefer/contracts';
import { dot, gridY, line, ruleX } from '@observablehq/plot';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Legend } from '../plots/Legend.tsx';
import { PlotFigure } from '../plots/PlotFigure.tsx';
import { candidateColor, currentColor, currentDash } from '../plots/series.ts';
import { cheapest, costPerThousand, countsNear, type ThresholdCounts } from './thresholds.ts';

export interface PricedSide {
  readonly name: string;
  readonly isCandidate: boolean;
  /** The threshold that the model has now. */
  readonly own: number;
  readonly entries: readonly ThresholdCounts[];
}

interface Props {
  readonly sides: readonly PricedSide[];
  readonly costs: Costs;
  readonly threshold: number;
}

/** Cost of the wrong answers by threshold: each model's cheapest threshold is a filled dot, its own a ring. */
export function CostCurve({ sides, costs, threshold }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const options = useCallback(
    () => ({
      height: 240,
      x: { label: t('results.thresholdSlider'), tickFormat: (value: number) => format.percent(value) },
      y: {
        label: t('results.costPer'),
        zero: true,
        nice: true,
        tickFormat: (value: number) => format.plain(value),
      },
      marks: [
        gridY({ strokeOpacity: 0.15 }),
        ruleX([threshold], { stroke: 'currentColor', strokeOpacity: 0.5 }),
        ...sides.flatMap(({ entries, own, isCandidate }) => {
          const color = isCandidate ? candidateColor : currentColor;
          const place = {
            x: 'threshold',
            y: (entry: ThresholdCounts) => costPerThousand(entry, costs),
            r: 5.5,
            strokeWidth: 2,
            stroke: color,
          };
          const at = (entry: ThresholdCounts | null) => (entry === null ? [] : [entry]);
          return [
            line(entries, {
              ...place,
              strokeWidth: 2.2,
              ...(isCandidate ? {} : { strokeDasharray: currentDash }),
            }),
            dot(at(cheapest(entries, costs)), { ...place, fill: color }),
            dot(at(countsNear(entries, own)), { ...place, r: 8, fill: 'none' }),
          ];
        }),
      ],
    }),
    [t, format, sides, costs, threshold],
  );
  const optima = sides.map(({ name, entries, own }) => {
    const best = cheapest(entries, costs);
    const now = countsNear(entries, own);
    return t('results.costOptimum', {
      model: name,
      best: format.percent(best?.threshold, 2),
      bestCost: format.integer(best && costPerThousand(best, costs)),
      own: format.percent(own, 2),
      ownCost: format.integer(now && costPerThousand(now, costs)),
    });
  });
  return (
    <div>
      <PlotFigure
        label={`${t('results.costCurve')}. ${optima.join(' ')}`}
        options={options}
        legend={
          <Legend
            items={[
              ...sides.map(({ name, isCandidate }) => ({
                name,
                color: isCandidate ? candidateColor : currentColor,
                look: isCandidate ? ('line' as const) : ('dashed' as const),
              })),
              { name: t('results.costBest'), color: 'currentColor', look: 'dot' },
              { name: t('results.costOwn'), color: 'currentColor', look: 'ring' },
            ]}
          />
        }
      />
      {optima.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </div>
  );
}
