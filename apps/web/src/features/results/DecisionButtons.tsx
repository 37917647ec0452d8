import type { Comparison, Run } from '@kaefer/contracts';
import { Button } from '@mantine/core';
import { IconArrowBackUp, IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './DecisionButtons.module.css';

export type Choice = NonNullable<Run['decision']>['choice'];

interface Props {
  readonly comparison: Comparison;
  readonly onChoose: (choice: Choice) => void;
  /** Stays at the lower edge of a phone's screen. */
  readonly sticky?: boolean;
}

/** The two answers to the question that the results ask. */
export function DecisionButtons({ comparison, onChoose, sticky = false }: Props) {
  const { t } = useTranslation();
  const { current, candidate, verdict } = comparison;
  // The evidence points to one button; without a clear difference to neither.
  const pointsToCurrent = verdict.outcome === 'worse';
  const pointsToCandidate = verdict.outcome === 'better' || verdict.outcome === 'first_model';
  return (
    <div className={classes.buttons} data-sticky={sticky || undefined}>
      {current && (
        <Button
          size="lg"
          variant={pointsToCurrent ? 'filled' : 'default'}
          leftSection={<IconArrowBackUp size={20} aria-hidden />}
          classNames={{ root: classes.button, label: classes.label }}
          onClick={() => onChoose('current')}
        >
          <span>{t('results.keep')}</span>
          <small>{t('results.keepDetail', { version: current.model.version })}</small>
        </Button>
      )}
      <Button
        size="lg"
        variant={pointsToCandidate ? 'filled' : 'default'}
        leftSection={<IconCheck size={20} aria-hidden />}
        classNames={{ root: classes.button, label: classes.label }}
        onClick={() => onChoose('candidate')}
      >
        <span>{current ? t('results.use') : t('results.useFirst')}</span>
        <small>{t('results.useDetail', { version: candidate.model.version })}</small>
      </Button>
    </div>
  );
}
