import type { Comparison, Project } from '@kaefer/contracts';
import { Button, Group, Slider, Text } from '@mantine/core';
import { useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Panel } from '../../ui/Panel.tsx';
import { Table } from '../../ui/Table.tsx';
import { CostCurve } from './CostCurve.tsx';
import { CostTrial, type TypedCosts } from './CostTrial.tsx';
import type { SideNames } from './side-names.ts';
import { costPerThousand, countsNear, ratesOf, type ThresholdCounts } from './thresholds.ts';

const outcomes = ['tp', 'fn', 'fp', 'tn'] as const;

interface Props {
  readonly comparison: Comparison;
  /** undefined while it is read. */
  readonly project: Project | undefined;
  readonly names: SideNames;
}

/** What would happen at another threshold, for both models, priced by the project's costs or by typed ones. */
export function ThresholdPanel({ comparison, project, names }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const label = useId();
  const { candidate } = comparison;
  const own = candidate.metrics['threshold'] ?? 0.5;
  const [wish, setThreshold] = useState(own);
  const [typed, setTyped] = useState<TypedCosts>({ falsePositive: '', falseNegative: '' });
  const costs = useMemo(() => {
    const { falsePositive, falseNegative } = typed;
    if (project?.costs) return project.costs;
    return falsePositive === '' || falseNegative === '' ? null : { falsePositive, falseNegative };
  }, [project, typed]);
  const priced = useMemo(() => sidesOf(comparison, names), [comparison, names]);

  const steps = candidate.curves.thresholds ?? [];
  const threshold = countsNear(steps, wish)?.threshold ?? wish;
  const sides = priced
    .map((side) => ({ ...side, counts: countsNear(side.entries, threshold) }))
    .filter((side): side is typeof side & { counts: ThresholdCounts } => side.counts !== null);
  if (sides.length === 0) return null;
  const valueOf = (step: number) => format.percent(steps[step]?.threshold, 2);

  return (
    <Panel title={t('results.threshold')} text={t('results.thresholdText')}>
      <div>
        <Text id={label} fw={600} mb={4}>
          {t('results.thresholdSlider')}: {format.percent(threshold, 2)}
        </Text>
        <Slider
          min={0}
          max={steps.length - 1}
          value={steps.findIndex((step) => step.threshold === threshold)}
          onChange={(step) => setThreshold(steps[step]?.threshold ?? own)}
          label={valueOf}
          thumbLabel={t('results.thresholdSlider')}
          thumbValueText={valueOf}
          size="lg"
        />
      </div>
      <Group gap="xs">
        {sides.map(({ result }) => {
          const value = result.metrics['threshold'];
          return value === null || value === undefined ? null : (
            <Button
              key={result.model.version}
              variant="default"
              size="xs"
              onClick={() => setThreshold(value)}
            >
              {t('results.thresholdOf', { version: result.model.version, value: format.percent(value, 2) })}
            </Button>
          );
        })}
      </Group>
      <div role="status">
        {sides.map(({ name, counts }) => (
          <p key={name}>
            {t('results.thresholdSentence', {
              model: name,
              positive: comparison.classes[1] ?? '',
              positives: counts.tp + counts.fn,
              found: counts.tp,
              missed: counts.fn,
              alarms: counts.fp,
              negatives: counts.fp + counts.tn,
            })}{' '}
            {costs && t('results.thresholdPrice', { cost: format.integer(costPerThousand(counts, costs)) })}
          </p>
        ))}
      </div>
      {project?.costs === null && <CostTrial value={typed} onChange={setTyped} />}
      {costs && <CostCurve sides={priced} costs={costs} threshold={threshold} />}
      <Table
        caption={t('results.threshold')}
        head={
          <tr>
            <th scope="col">{format.percent(threshold, 2)}</th>
            {sides.map(({ name }) => (
              <th key={name} scope="col" data-number>
                {name}
              </th>
            ))}
          </tr>
        }
      >
        {outcomes.map((outcome) => (
          <tr key={outcome}>
            <th scope="row">{t(`results.${outcome}`)}</th>
            {sides.map(({ name, counts }) => (
              <td key={name} data-number>
                {format.integer(counts[outcome])}
              </td>
            ))}
          </tr>
        ))}
        {(['recall', 'precision'] as const).map((rate) => (
          <tr key={rate}>
            <th scope="row">{t(`metrics.${rate}.name`)}</th>
            {sides.map(({ name, counts }) => (
              <td key={name} data-number>
                {format.percent(ratesOf(counts)[rate], 1)}
              </td>
            ))}
          </tr>
        ))}
        {costs && (
          <tr>
            <th scope="row">
              {t('results.costPer')}
              <Text size="xs" c="dimmed" fw={400}>
                {t('results.costHint', {
                  fp: format.plain(costs.falsePositive),
                  fn: format.plain(costs.falseNegative),
                })}
              </Text>
            </th>
            {sides.map(({ name, counts }) => (
              <td key={name} data-number>
                <strong>{format.integer(costPerThousand(counts, costs))}</strong>
              </td>
            ))}
          </tr>
        )}
      </Table>
    </Panel>
  );
}

/** The models whose counts by threshold are known. */
function sidesOf({ current, candidate }: Comparison, names: SideNames) {
  const sides = [
    ...(current ? [{ name: names.current, result: current, isCandidate: false }] : []),
    { name: names.candidate, result: candidate, isCandidate: true },
  ];
  return sides.flatMap(({ result, ...side }) => {
    const { thresholds: entries } = result.curves;
    return entries ? [{ ...side, result, own: result.metrics['threshold'] ?? 0.5, entries }] : [];
  });
}
