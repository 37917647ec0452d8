import { Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Tag } from '../../ui/Tag.tsx';
import { ChangeTag } from './ChangeTag.tsx';
import { IntervalGraphic } from './IntervalGraphic.tsx';
import { changeOf, metricsOfTask } from './metric-facts.ts';
import type { MetricProps } from './MetricTable.tsx';
import { OwnInterval } from './OwnInterval.tsx';
import classes from './MetricTable.module.css';

/** The same as the table, one figure below the other. */
export function MetricList({
  task,
  caption,
  current,
  candidate,
  difference,
  intervals,
  names,
  plain,
  deciding,
}: MetricProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const metrics = metricsOfTask[task].filter((metric) => metric in candidate || metric in (current ?? {}));
  return (
    <ul className={classes.list} aria-label={caption}>
      {metrics.map((metric) => {
        const gap = difference?.[metric];
        const change = changeOf(metric, gap);
        const range = { low: format.signed(gap?.low), high: format.signed(gap?.high) };
        return (
          <li key={metric}>
            <strong>{t(`metrics.${metric}.name`)}</strong>{' '}
            {metric === deciding && <Tag tone="accent">{t('results.deciding')}</Tag>}
            <span className={classes.hint}>{t(`metrics.${metric}.hint`)}</span>
            <dl className={classes.pair}>
              {current && (
                <div>
                  <dt>{names.current}</dt>
                  <dd>
                    {format.number(current[metric])}
                    <OwnInterval interval={intervals?.current?.[metric]} />
                  </dd>
                </div>
              )}
              <div>
                <dt>{names.candidate}</dt>
                <dd>
                  {format.number(candidate[metric])}
                  <OwnInterval interval={intervals?.candidate[metric]} />
                </dd>
              </div>
              {gap && (
                <div>
                  <dt>{t('results.difference')}</dt>
                  <dd>{format.signed(gap.estimate)}</dd>
                </div>
              )}
              {plain?.metrics[metric] !== undefined && (
                <div className={classes.plain}>
                  <dt>{plain.name}</dt>
                  <dd>{format.number(plain.metrics[metric])}</dd>
                </div>
              )}
            </dl>
            {gap && (
              <Group gap="sm">
                <ChangeTag change={change} />
                <IntervalGraphic
                  difference={gap}
                  change={change}
                  label={t('results.intervalLabel', {
                    ...range,
                    estimate: format.signed(gap.estimate),
                    verdict: t(`results.${change}`),
                  })}
                />
                <span className={classes.range}>{t('results.fromTo', range)}</span>
              </Group>
            )}
          </li>
        );
      })}
    </ul>
  );
}
