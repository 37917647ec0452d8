import type { ChampionPoint } from '@kaefer/contracts';
import { dot, gridY, line, ruleX, text } from '@observablehq/plot';
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { championsQuery } from '../../api/queries.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Disclosure } from '../../ui/Disclosure.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Table } from '../../ui/Table.tsx';
import { PlotFigure } from '../plots/PlotFigure.tsx';
import { candidateColor } from '../plots/series.ts';
import { isSmallerBetter, metricsOfTask, type KnownMetric } from '../results/metric-facts.ts';

const allMetrics: readonly KnownMetric[] = [...new Set(Object.values(metricsOfTask).flat())];

/** How the model in production did over the decisions, and how the data grew. Nothing before the second decision. */
export function ChampionHistory({ project }: { readonly project: string }) {
  const { t } = useTranslation();
  const { data: points = noPoints } = useQuery(championsQuery(project));
  const [chosen, setChosen] = useState<KnownMetric>();
  const measured = allMetrics.filter((metric) => points.some(({ metrics }) => metrics[metric] !== undefined));
  const name = chosen ?? allMetrics.find((metric) => metric === points[0]?.metric.name);
  const figures = useMemo(
    () => points.map((point) => ({ ...point, ...(point.metrics[name ?? ''] ?? nothing) })),
    [points, name],
  );
  if (points.length < 2 || name === undefined) return null;
  const metric = t(`metrics.${name}.name`);
  return (
    <Panel
      title={t('models.overTime')}
      text={t(isSmallerBetter(name) ? 'models.overTimeSmaller' : 'models.overTimeText', { metric })}
    >
      <Select
        label={t('models.overTimeMetric')}
        maw={320}
        allowDeselect={false}
        data={measured.map((value) => ({ value, label: t(`metrics.${value}.name`) }))}
        value={name}
        onChange={(value) => setChosen(measured.find((metric) => metric === value))}
      />
      <MetricPlot points={figures} metric={metric} />
      <RowsPlot points={figures} />
      <Disclosure title={t('models.overTimeTable')}>
        <HistoryTable points={figures} metric={metric} />
      </Disclosure>
    </Panel>
  );
}

/** A decision with the figures of the metric that is shown. */
type Figure = ChampionPoint & ChampionPoint['metrics'][string];

const noPoints: readonly ChampionPoint[] = [];
const nothing = { value: null, low: null, high: null };

interface PlotProps {
  readonly points: readonly Figure[];
}

/** Decisions stand side by side: those of one hour and those of a year apart are as easy to read. */
const placeIn = (points: readonly Figure[]) => (point: Figure) => points.indexOf(point) + 1;

function MetricPlot({ points, metric }: PlotProps & { readonly metric: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const options = useCallback(
    (width: number) => ({
      height: 240,
      x: { ...decisionAxis(points, width, format.date), label: null },
      y: { label: metric, nice: true, tickFormat: (value: number) => format.plain(value) },
      marks: [
        gridY({ strokeOpacity: 0.15 }),
        line(points, { x: placeIn(points), y: valueOf, stroke: candidateColor, strokeWidth: 2 }),
        ruleX(
          points.filter((point) => point.low !== null && point.high !== null),
          {
            x: placeIn(points),
            y1: (point: Figure) => point.low,
            y2: (point: Figure) => point.high,
            stroke: candidateColor,
            strokeWidth: 1.5,
          },
        ),
        dot(points, {
          x: placeIn(points),
          y: valueOf,
          r: 5,
          stroke: candidateColor,
          strokeWidth: 2,
          fill: (point: Figure) => (isNew(point) ? candidateColor : 'var(--kaefer-surface)'),
        }),
        text(points.filter(isNew), {
          x: placeIn(points),
          y: (point: Figure) => point.high ?? point.value,
          text: (point: Figure) => t('models.overTimeModel', { version: point.version }),
          dy: -12,
          fill: 'currentColor',
        }),
      ],
    }),
    [t, format, points, metric],
  );
  const [first, last] = [points[0], points.at(-1)];
  return (
    <PlotFigure
      label={t('models.overTimeLabel', {
        metric,
        decisions: points.length,
        first: format.number(first?.value),
        last: format.number(last?.value),
      })}
      options={options}
    />
  );
}

function RowsPlot({ points }: PlotProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const options = useCallback(
    (width: number) => ({
      height: 130,
      x: { ...decisionAxis(points, width, format.date), label: null },
      y: {
        label: t('data.rows'),
        zero: true,
        nice: true,
        ticks: 3,
        tickFormat: (value: number) => format.integer(value),
      },
      marks: [
        gridY({ strokeOpacity: 0.15 }),
        ruleX(points, {
          x: placeIn(points),
          y1: 0,
          y2: 'rows',
          stroke: 'currentColor',
          strokeOpacity: 0.35,
          strokeWidth: 18,
        }),
      ],
    }),
    [t, format, points],
  );
  const [first, last] = [points[0], points.at(-1)];
  return (
    <PlotFigure
      label={t('models.rowsLabel', { first: format.integer(first?.rows), last: format.integer(last?.rows) })}
      options={options}
    />
  );
}

const isNew = ({ choice }: Figure): boolean => choice !== 'current';

const valueOf = (point: Figure): number | null => point.value;

/** Room for a date, in pixels. */
const dateWidth = 130;

function decisionAxis(points: readonly Figure[], width: number, date: (iso: string) => string) {
  const mostTicks = Math.max(1, Math.floor(width / dateWidth));
  const step = Math.max(1, Math.ceil(points.length / mostTicks));
  return {
    domain: [0.5, points.length + 0.5],
    ticks: points.map((_, index) => index + 1).filter((place) => (place - 1) % step === 0),
    tickFormat: (place: number) => date(points[place - 1]?.decidedAt ?? ''),
  };
}

function HistoryTable({ points, metric }: PlotProps & { readonly metric: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Table
      caption={t('models.overTime')}
      head={
        <tr>
          <th scope="col">{t('models.decided')}</th>
          <th scope="col">{t('models.inProduction')}</th>
          <th scope="col" data-number>
            {metric}
          </th>
          <th scope="col" data-number>
            {t('results.interval')}
          </th>
          <th scope="col" data-number>
            {t('data.rows')}
          </th>
        </tr>
      }
    >
      {points.map((point) => (
        <tr key={point.decidedAt}>
          <th scope="row">{format.dateTime(point.decidedAt)}</th>
          <td>
            {t('words.model', { version: point.version })}
            {point.choice === 'current' && ` (${t('models.stayed')})`}
            {point.choice === 'by_hand' && ` (${t('models.byHand')})`}
          </td>
          <td data-number>{format.number(point.value)}</td>
          <td data-number>
            {point.low === null ? '–' : `${format.number(point.low)} – ${format.number(point.high)}`}
          </td>
          <td data-number>{format.integer(point.rows)}</td>
        </tr>
      ))}
    </Table>
  );
}
