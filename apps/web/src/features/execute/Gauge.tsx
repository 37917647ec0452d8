import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './Execute.module.css';

const edge = 0.12;

/** A probability from 0 to 1 with the threshold marked on it. */
export function Gauge({ score, threshold }: { score: number; threshold: number | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const alert = threshold !== null && score >= threshold;
  return (
    <div
      className={classes.gauge}
      role="img"
      aria-label={
        threshold === null
          ? format.percent(score, 1)
          : t('execute.gaugeLabel', {
              score: format.percent(score, 1),
              threshold: format.percent(threshold, 1),
            })
      }
    >
      <div
        className={classes.gaugeFill}
        data-alert={alert || undefined}
        style={{ width: `${score * 100}%` }}
      />
      {threshold !== null && (
        <>
          <div className={classes.gaugeMark} style={{ insetInlineStart: `${threshold * 100}%` }} />
          <span
            className={classes.gaugeText}
            data-edge={threshold < edge ? 'start' : threshold > 1 - edge ? 'end' : undefined}
            style={{ insetInlineStart: `${threshold * 100}%` }}
          >
            {t('execute.threshold', { value: format.percent(threshold, 1) })}
          </span>
        </>
      )}
    </div>
  );
}
