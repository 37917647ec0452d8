import type { Baseline, DecidingMetric } from '@kaefer/contracts';
import { Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './MetricTable.module.css';

interface Props {
  readonly baseline: Baseline;
  /** The metric that decides the verdict. */
  readonly metric: string;
  /** Of the new model. */
  readonly value: number | null | undefined;
  /** What the new model is called. */
  readonly name: string;
}

/** Whether the new model is worth more than a plain one, in a sentence. */
export function PlainModelNote({ baseline, metric, value, name }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { kind, isBeaten, learnedWith, rows, metrics, prior } = baseline;
  const facts = {
    name,
    kind: t(`results.plain.kinds.${kind}`),
    metric: t(`metrics.${metric as DecidingMetric}.name`),
    value: format.number(value),
    plain: format.number(metrics[metric]),
    guess: format.number(prior[metric]),
  };
  return (
    <div>
      {isBeaten ? (
        <Text size="sm">{t('results.plain.beaten', facts)}</Text>
      ) : (
        <p className={classes.notBeaten}>
          <IconAlertTriangle size={20} aria-hidden />
          <span>{t('results.plain.notBeaten', facts)}</span>
        </p>
      )}
      <Text size="xs" c="dimmed">
        {t('results.plain.origin', { rows: t('words.rows', { count: rows }), version: learnedWith })}
      </Text>
    </div>
  );
}
