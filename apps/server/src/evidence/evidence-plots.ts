import type { Comparison, Costs } from '@kaefer/contracts';
import type { Block, Plot, Point, Series } from './evidence-document.ts';
import { sidesOf } from './sides.ts';
import type { EvidenceLanguage } from './texts.ts';

const unit = { x: [0, 1], y: [0, 1] } as const;

/** The curves of both models over each other; null where the task has none. */
export function plotsOf(
  comparison: Comparison,
  costs: Costs | null,
  language: EvidenceLanguage,
): Extract<Block, { kind: 'plots' }> | null {
  const { say } = language;
  const sides = sidesOf(comparison, language);
  const seriesOf = (curve: 'roc' | 'precisionRecall' | 'predicted'): Series[] =>
    sides.map(({ name, kind, result }) => ({ name, kind, points: result.curves[curve] ?? [] }));
  if (comparison.task === 'multiclass') {
    const calibration = calibrationPlot(comparison, language);
    return calibration && { kind: 'plots', plots: [calibration] };
  }
  if (comparison.task === 'regression') {
    const number = (value: number): string => language.plain(Number(value.toPrecision(3)));
    const axes = { title: say('predictedValue'), x: say('trueValue'), y: say('predictedValue') };
    const series = seriesOf('predicted');
    return {
      kind: 'plots',
      plots: [{ ...axes, series, marks: 'dots', formatX: number, formatY: number }],
    };
  }
  const share = {
    formatX: (value: number) => language.percent(value),
    formatY: (value: number) => language.percent(value),
  };
  const roc: Plot = {
    title: 'ROC',
    x: say('falseAlarms'),
    y: say('found'),
    series: seriesOf('roc'),
    marks: 'line',
    diagonal: true,
    domain: unit,
    ...share,
  };
  const precisionRecall: Plot = {
    title: say('averagePrecision'),
    x: say('found'),
    y: say('rightAlerts'),
    series: seriesOf('precisionRecall'),
    marks: 'line',
    domain: unit,
    ...share,
  };
  const plots = [
    roc,
    precisionRecall,
    calibrationPlot(comparison, language),
    costPlot(comparison, costs, language),
  ];
  return { kind: 'plots', plots: plots.filter((plot) => plot !== null) };
}

/** Absent in comparisons of older versions. */
function calibrationPlot(comparison: Comparison, language: EvidenceLanguage): Plot | null {
  const { say } = language;
  const series = sidesOf(comparison, language).map(({ name, kind, result }): Series => {
    const points = (result.curves.calibration?.groups ?? []).map(({ predicted, observed }): Point => [
      predicted,
      observed,
    ]);
    return { name, kind, points, marked: points };
  });
  if (series.some(({ points }) => points.length === 0)) return null;
  // Where all probabilities are low the whole square would leave the points in a corner.
  const most = Math.max(...series.flatMap(({ points }) => points.flat()));
  const domain = { x: [0, most], y: [0, most] } as const;
  const percent = (value: number): string => language.percent(value);
  const axes = { title: say('calibration'), x: say('predictedShare'), y: say('observedShare') };
  return { ...axes, series, marks: 'line', diagonal: true, domain, formatX: percent, formatY: percent };
}

/** What each threshold would cost, the cheapest of each model marked; null in a project without costs. */
function costPlot(comparison: Comparison, costs: Costs | null, language: EvidenceLanguage): Plot | null {
  const { say } = language;
  if (costs === null) return null;
  const series = sidesOf(comparison, language).map(({ name, kind, result }): Series => {
    const points = (result.curves.thresholds ?? []).map(({ threshold, tp, fp, fn, tn }): Point => {
      const cost = fp * costs.falsePositive + fn * costs.falseNegative;
      return [threshold, (1000 * cost) / Math.max(1, tp + fp + fn + tn)];
    });
    const [first] = points;
    const cheapest = points.reduce((best, point) => (point[1] < best[1] ? point : best), first ?? [0, 0]);
    return { name, kind, points, marked: first === undefined ? [] : [cheapest] };
  });
  if (series.some(({ points }) => points.length < 2)) return null;
  return {
    title: say('costs', { fp: language.plain(costs.falsePositive), fn: language.plain(costs.falseNegative) }),
    x: say('threshold'),
    y: say('costPer'),
    series,
    marks: 'line',
    domain: { x: [0, 1], y: [0, 0] },
    formatX: (value) => language.percent(value),
    formatY: (value) => language.plain(Math.round(value)),
  };
}
