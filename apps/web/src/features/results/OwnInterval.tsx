import type { ModelResult } from '@kaefer/contracts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './MetricTable.module.css';

/** The 95 % interval of one model's figure, small below it; nothing where there is none. */
export function OwnInterval({
  interval,
}: {
  readonly interval: ModelResult['intervals'][string] | undefined;
}) {
  const format = useFormat();
  if (!interval || interval.low === null || interval.high === null) return null;
  return (
    <span className={classes.range}>
      ({format.number(interval.low)}–{format.number(interval.high)})
    </span>
  );
}
