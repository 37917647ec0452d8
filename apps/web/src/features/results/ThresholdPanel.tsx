import type { Comparison, Costs } from '@kaefer/contracts';
import { Button, Group, Slider, Text } from '@mantine/core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Panel } from '../../ui/Panel.tsx';
import { Table } from '../../ui/Table.tsx';
import type { SideNames } from './side-names.ts';
import { costOf, countsNear, ratesOf, type ThresholdCounts } from './thresholds.ts';

const step = 0.005;
const outcomes = ['tp', 'fn', 'fp', 'tn'] as const;

interface Props {
  readonly comparison: Comparison;
  readonly costs: Costs | null;
  readonly names: SideNames;
}

/** What would happen at another threshold, for both models, priced where costs are known. */
export function ThresholdPanel({ comparison, costs, names }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const label = useId();
  const { current, candidate } = comparison;
  const own = candidate.metrics['threshold'] ?? 0.5;
  const [threshold, setThreshold] = useState(own);

  const sides = [
    ...(current?.curves.thresholds
      ? [{ name: names.current, result: current, counts: countsNear(current.curves.thresholds, threshold) }]
      : []),
    ...(candidate.curves.thresholds
      ? [
          {
            name: names.candidate,
            result: candidate,
            counts: countsNear(candidate.curves.thresholds, threshold),
          },
        ]
      : []),
  ].filter((side): side is typeof side & { counts: ThresholdCounts } => side.counts !== null);
  if (sides.length === 0) return null;
  const rows = comparison.holdout.rows;

  return (
    <Panel title={t('results.threshold')} text={t('results.thresholdText')}>
      <div>
        <Text id={label} fw={600} mb={4}>
          {t('results.thresholdSlider')}: {format.percent(threshold, 1)}
        </Text>
        <Slider
          min={0}
          max={1}
          step={step}
          value={threshold}
          onChange={setThreshold}
          label={(value) => format.percent(value, 1)}
          thumbLabel={t('results.thresholdSlider')}
          thumbValueText={(value) => format.percent(value, 1)}
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
              {t('results.thresholdOf', { version: result.model.version, value: format.percent(value, 1) })}
            </Button>
          );
        })}
      </Group>
      <Table
        caption={t('results.threshold')}
        head={
          <tr>
            <th scope="col">{format.percent(threshold, 1)}</th>
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
                <strong>{format.integer(rows === 0 ? null : (costOf(counts, costs) / rows) * 1000)}</strong>
              </td>
            ))}
          </tr>
        )}
      </Table>
    </Panel>
  );
}
