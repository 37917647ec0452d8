import { Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './Execute.module.css';

/** The probability of every class, the likeliest first. */
export function ClassBars({ scores }: { scores: Readonly<Record<string, number>> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const sorted = Object.entries(scores).sort(([, a], [, b]) => b - a);
  return (
    <div>
      <Title order={3} mt="md" mb={6}>
        {t('execute.classes')}
      </Title>
      {sorted.map(([name, score]) => (
        <div key={name}>
          <Text size="sm">
            {name}: {format.percent(score, 1)}
          </Text>
          <div className={classes.gauge} style={{ height: 10, marginBlock: '2px 8px' }} aria-hidden>
            <div className={classes.gaugeFill} style={{ width: `${score * 100}%` }} />
          </div>
        </div>
      ))}
    </div>
  );
}
