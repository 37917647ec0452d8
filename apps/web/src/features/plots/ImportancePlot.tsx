import { axisY, dot, gridX, link } from '@observablehq/plot';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { pairImportances, type Importance, type PairedImportance } from './importance.ts';
import { Legend } from './Legend.tsx';
import { PlotFigure } from './PlotFigure.tsx';
import { candidateColor, currentColor } from './series.ts';

interface Props {
  readonly current: readonly Importance[] | null;
  readonly candidate: readonly Importance[];
  readonly names: { current: string; candidate: string };
}

const shownFeatures = 15;
const rowHeight = 26;
const longestName = 26;

const shortened = (name: string) => (name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name);

/** A dumbbell a feature: how much it drives the current and the new model. */
export function ImportancePlot({ current, candidate, names }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const pairs = useMemo(() => pairImportances(candidate, current, shownFeatures), [candidate, current]);

  const options = useCallback(
    (width: number) => ({
      height: pairs.length * rowHeight + 60,
      marginLeft: Math.min(
        width * 0.42,
        8 + 7.2 * Math.max(...pairs.map(({ feature }) => shortened(feature).length)),
      ),
      x: { label: null, tickFormat: (value: number) => format.percent(value), ticks: 5, zero: true },
      y: { label: null, domain: pairs.map(({ feature }) => feature) },
      marks: [
        gridX({ strokeOpacity: 0.12, ticks: 5 }),
        axisY({ tickSize: 0, tickFormat: shortened, label: null }),
        link(pairs, {
          x1: (pair: PairedImportance) => pair.current ?? 0,
          x2: 'candidate',
          y: 'feature',
          stroke: 'currentColor',
          strokeOpacity: 0.35,
          strokeWidth: 2,
        }),
        dot(
          pairs.filter((pair) => pair.current !== null),
          {
            x: 'current',
            y: 'feature',
            r: 5,
            stroke: currentColor,
            strokeWidth: 2,
            fill: 'var(--kaefer-surface)',
          },
        ),
        dot(pairs, { x: 'candidate', y: 'feature', r: 5, fill: candidateColor }),
      ],
    }),
    [pairs, format],
  );

  if (pairs.length === 0) return null;
  const strongest = candidate[0];
  return (
    <PlotFigure
      label={t('results.importanceLabel', {
        feature: strongest?.feature ?? '',
        share: format.percent(strongest?.share),
      })}
      options={options}
      legend={
        <Legend
          items={[
            ...(current ? [{ name: names.current, color: currentColor, look: 'ring' as const }] : []),
            { name: names.candidate, color: candidateColor, look: 'dot' },
          ]}
        />
      }
    />
  );
}
