import type { Comparison, Project } from '@kaefer/contracts';
import { Text } from '@mantine/core';
import { IconCircleArrowDown, IconCircleArrowUp, IconEqual, IconFlag } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './VerdictPanel.module.css';

const icons = {
  better: IconCircleArrowUp,
  worse: IconCircleArrowDown,
  no_clear_difference: IconEqual,
  first_model: IconFlag,
} as const;

/** The one sentence that matters, before all evidence. */
export function VerdictPanel({
  comparison,
  project,
  plain = false,
  children,
}: {
  comparison: Comparison;
  project: Project | undefined;
  /** Without the word above the sentence, which speaks of a new model. */
  plain?: boolean;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { verdict, holdout } = comparison;
  const Icon = icons[verdict.outcome];
  const rows = t('words.rows', { count: holdout.rows });
  return (
    <section className={classes.verdict} data-outcome={verdict.outcome} aria-labelledby="verdict">
      <div className={classes.top}>
        <Icon size={52} stroke={1.5} aria-hidden className={classes.icon} />
        <div>
          {!plain && <p className={classes.outcome}>{t(`results.outcome.${verdict.outcome}`)}</p>}
          <h2 className={classes.sentence} id="verdict">
            {verdict.sentence}
          </h2>
          <Text c="dimmed" size="sm">
            {holdout.positives === null
              ? t('results.measuredOnPlain', { rows })
              : t('results.measuredOn', {
                  rows,
                  positives: format.integer(holdout.positives),
                  positive: project?.positive ?? comparison.classes[1] ?? '',
                })}
          </Text>
        </div>
      </div>
      {children}
    </section>
  );
}
