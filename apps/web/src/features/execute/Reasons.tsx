import type { Cell, Prediction } from '@kaefer/contracts';
import { Button, Text, Title } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconMinus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Execute.module.css';
import { useCellText } from './use-cell-text.ts';

const shownFirst = 8;

type Explanation = NonNullable<Prediction['explanation']>;

/** What each value did to the answer: a bar to the right raises it, one to the left lowers it. */
export function Reasons({ explanation }: { explanation: Explanation }) {
  const { t } = useTranslation();
  const cellText = useCellText();
  const [all, setAll] = useState(false);
  const reasons = explanation.reasons.toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  const largest = Math.abs(reasons[0]?.contribution ?? 0) || 1;
  const shown = all ? reasons : reasons.slice(0, shownFirst);
  return (
    <div>
      <Title order={3}>{t('execute.reasons')}</Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t('execute.reasonsText')}
      </Text>
      <ul className={classes.reasons}>
        {shown.map(({ feature, value, contribution }) => (
          <li key={feature}>
            <span className={classes.reasonName}>
              {feature}
              <small>{cellText(value satisfies Cell)}</small>
            </span>
            <Bar share={contribution / largest} />
            <Direction contribution={contribution} />
          </li>
        ))}
      </ul>
      {reasons.length > shownFirst && (
        <Button variant="subtle" size="xs" mt="sm" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t('execute.fewerReasons') : t('execute.moreReasons', { count: reasons.length })}
        </Button>
      )}
    </div>
  );
}

function Bar({ share }: { share: number }) {
  const width = `${Math.abs(share) * 50}%`;
  return (
    <span className={classes.bar} aria-hidden>
      <span
        style={
          share >= 0
            ? { left: '50%', width, background: 'var(--kaefer-positive)' }
            : { right: '50%', width, background: 'var(--kaefer-series-candidate)' }
        }
      />
    </span>
  );
}

function Direction({ contribution }: { contribution: number }) {
  const { t } = useTranslation();
  const Icon = contribution > 0 ? IconArrowUp : contribution < 0 ? IconArrowDown : IconMinus;
  return (
    <span className={classes.direction}>
      <Icon size={16} aria-hidden />
      {contribution > 0
        ? t('execute.raises')
        : contribution < 0
          ? t('execute.lowers')
          : t('execute.noEffect')}
    </span>
  );
}
