import type { Comparison } from '@kaefer/contracts';
import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Panel } from '../../ui/Panel.tsx';
import { CurvePair } from '../plots/CurvePair.tsx';
import { ScorePlot } from '../plots/ScorePlot.tsx';
import classes from './Confusion.module.css';
import type { SideNames } from './side-names.ts';

/** ROC, precision–recall and the distribution of scores. */
export function CurvesPanel({ comparison, names }: { comparison: Comparison; names: SideNames }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { current, candidate, classes: outcomes } = comparison;
  const areas = (metric: 'auc' | 'averagePrecision') =>
    [
      ...(current ? [`${names.current} ${format.number(current.metrics[metric])}`] : []),
      `${names.candidate} ${format.number(candidate.metrics[metric])}`,
    ].join(', ');
  const pair = (curve: 'roc' | 'precisionRecall') => ({
    current: current?.curves[curve] ? { name: names.current, points: current.curves[curve] } : null,
    candidate: { name: names.candidate, points: candidate.curves[curve] ?? [] },
  });
  const sides = [
    ...(current ? [{ name: names.current, result: current }] : []),
    { name: names.candidate, result: candidate },
  ];
  return (
    <Panel title={t('results.curves')}>
      <div className={classes.sides}>
        {candidate.curves.roc && (
          <Plotted title={t('results.roc')} hint={t('results.rocHint')}>
            <CurvePair
              {...pair('roc')}
              diagonal
              x={t('results.rocX')}
              y={t('results.rocY')}
              label={t('results.rocLabel', { areas: areas('auc') })}
            />
          </Plotted>
        )}
        {candidate.curves.precisionRecall && (
          <Plotted title={t('results.pr')} hint={t('results.prHint')}>
            <CurvePair
              {...pair('precisionRecall')}
              x={t('results.prX')}
              y={t('results.prY')}
              label={t('results.prLabel', { areas: areas('averagePrecision') })}
            />
          </Plotted>
        )}
        {sides.map(
          ({ name, result }) =>
            result.curves.scores && (
              <Plotted key={name} title={`${t('results.scores')}: ${name}`} hint={t('results.scoresHint')}>
                <ScorePlot
                  model={name}
                  scores={result.curves.scores}
                  threshold={result.metrics['threshold'] ?? null}
                  names={{ negative: outcomes[0] ?? '', positive: outcomes[1] ?? '' }}
                />
              </Plotted>
            ),
        )}
      </div>
    </Panel>
  );
}

export function Plotted({ title, hint, children }: { title: string; hint: string; children: ReactNode }) {
  return (
    <div className={classes.side}>
      <Title order={3}>{title}</Title>
      <Text size="sm" c="dimmed" mb="sm">
        {hint}
      </Text>
      {children}
    </div>
  );
}
