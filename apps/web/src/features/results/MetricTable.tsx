import { useMediaQuery } from '@mantine/hooks';
import type { Difference, ModelResult, Task } from '@kaefer/contracts';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Table } from '../../ui/Table.tsx';
import { Tag } from '../../ui/Tag.tsx';
import { ChangeTag } from './ChangeTag.tsx';
import { IntervalGraphic } from './IntervalGraphic.tsx';
import { changeOf, metricsOfTask } from './metric-facts.ts';
import { MetricList } from './MetricList.tsx';
import { OwnInterval } from './OwnInterval.tsx';
import classes from './MetricTable.module.css';

type Metrics = Readonly<Record<string, number | null>>;
type Intervals = ModelResult['intervals'];

export interface MetricProps {
  readonly caption: string;
  readonly task: Task;
  readonly current: Metrics | null;
  readonly candidate: Metrics;
  readonly difference: Readonly<Record<string, Difference>> | null;
  /** 95 % intervals of the figures themselves; without them only differences have theirs. */
  readonly intervals?: { readonly current: Intervals | null; readonly candidate: Intervals };
  readonly names: { current: string; candidate: string };
  /** Of the plain model that both have to beat: a quiet column. */
  readonly plain?: { readonly name: string; readonly metrics: Metrics } | undefined;
  /** The metric that decided, marked. */
  readonly deciding?: string;
}

/** Each figure for both models, with the difference and its interval; a list where a table has no room. */
export function MetricTable(props: MetricProps) {
  const narrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false });
  return narrow ? <MetricList {...props} /> : <WideTable {...props} />;
}

function WideTable(props: MetricProps) {
  const { caption, task, current, candidate, difference, intervals, names, plain, deciding } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const metrics = metricsOfTask[task].filter((metric) => metric in candidate || metric in (current ?? {}));
  return (
    <Table
      caption={caption}
      head={
        <tr>
          <th scope="col">{t('results.metric')}</th>
          {current && (
            <th scope="col" data-number>
              {names.current}
            </th>
          )}
          <th scope="col" data-number>
            {names.candidate}
          </th>
          {difference && (
            <>
              <th scope="col" data-number>
                {t('results.difference')}
              </th>
              <th scope="col">{t('results.interval')}</th>
            </>
          )}
          {plain && (
            <th scope="col" data-number className={classes.plain}>
              {plain.name}
            </th>
          )}
        </tr>
      }
    >
      {metrics.map((metric) => {
        const gap = difference?.[metric];
        const change = changeOf(metric, gap);
        const range = { low: format.signed(gap?.low), high: format.signed(gap?.high) };
        return (
          <tr key={metric}>
            <th scope="row" className={classes.name}>
              {t(`metrics.${metric}.name`)}{' '}
              {metric === deciding && <Tag tone="accent">{t('results.deciding')}</Tag>}
              <span className={classes.hint}>{t(`metrics.${metric}.hint`)}</span>
            </th>
            {current && (
              <td data-number>
                {format.number(current[metric])}
                <OwnInterval interval={intervals?.current?.[metric]} />
              </td>
            )}
            <td data-number>
              <strong>{format.number(candidate[metric])}</strong>
              <OwnInterval interval={intervals?.candidate[metric]} />
            </td>
            {difference && (
              <>
                <td data-number>
                  <div className={classes.difference}>
                    {format.signed(gap?.estimate)}
                    {gap && <ChangeTag change={change} />}
                  </div>
                </td>
                <td>
                  {gap && (
                    <>
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
                    </>
                  )}
                </td>
              </>
            )}
            {plain && (
              <td data-number className={classes.plain}>
                {format.number(plain.metrics[metric])}
              </td>
            )}
          </tr>
        );
      })}
    </Table>
  );
}
