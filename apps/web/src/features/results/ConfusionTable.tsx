import type { Confusion } from '@kaefer/contracts';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './Confusion.module.css';

const cells = [
  ['tp', true],
  ['fn', false],
  ['fp', false],
  ['tn', true],
] as const;

/** The four kinds of answers of a yes-or-no model. */
export function ConfusionTable({ model, counts }: { model: string; counts: Confusion }) {
  const { t } = useTranslation();
  const format = useFormat();
  const total = counts.tp + counts.fp + counts.fn + counts.tn;
  return (
    <div className={classes.side}>
      <p className={classes.model}>{model}</p>
      <dl className={classes.four} aria-label={t('results.confusionCaption', { model })}>
        {cells.map(([cell, right]) => (
          <div key={cell} data-right={right}>
            <dt>{t(`results.${cell}`)}</dt>
            <dd>
              <strong>{format.integer(counts[cell])}</strong>
              <span>{total > 0 && format.percent(counts[cell] / total, 1)}</span>
              <small>{t(`results.${cell}Hint`)}</small>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
