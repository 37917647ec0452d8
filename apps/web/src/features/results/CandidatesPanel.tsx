import type { Candidates, DecidingMetric } from '@kaefer/contracts';
import { Radio, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Panel } from '../../ui/Panel.tsx';
import { Tag } from '../../ui/Tag.tsx';
import { changeOf } from './metric-facts.ts';
import { IntervalGraphic, reachOf } from './IntervalGraphic.tsx';
import classes from './CandidatesPanel.module.css';

type Item = Candidates['items'][number];

interface Props {
  readonly candidates: Candidates;
  /** Version of the one that is shown below. */
  readonly selected: number;
  readonly onSelect: (version: number) => void;
}

/** The candidates side by side, each beside the current model; the one selected is the one that everything below is about. */
export function CandidatesPanel({ candidates, selected, onSelect }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { items, current } = candidates;
  const metric = (items[0]?.metric ?? 'auc') as DecidingMetric;
  const reach = Math.max(...items.map(({ difference }) => (difference === null ? 0 : reachOf(difference))));
  return (
    <Panel
      title={t('results.candidates.title')}
      text={t('results.candidates.text', { number: items.length })}
    >
      <Radio.Group
        value={String(selected)}
        onChange={(version) => onSelect(Number(version))}
        aria-label={t('results.candidates.title')}
      >
        <div className={classes.cards}>
          {items.map((item) => (
            <Radio
              key={item.version}
              value={String(item.version)}
              label={
                <>
                  {t(`words.${item.mode}`)} <small>{t('words.model', { version: item.version })}</small>{' '}
                  {item.isRecommended && (
                    <Tag tone={item.outcome === 'better' ? 'accent' : 'neutral'}>
                      {t(
                        item.outcome === 'better' || current === null
                          ? 'results.candidates.recommended'
                          : 'results.candidates.bestOfThem',
                      )}
                    </Tag>
                  )}
                </>
              }
              description={<CandidateFacts item={item} reach={reach} />}
              classNames={{ root: classes.card, label: classes.label, labelWrapper: classes.body }}
            />
          ))}
        </div>
      </Radio.Group>
      <Text size="sm" c="dimmed">
        {current &&
          t('results.candidates.current', {
            version: current.version,
            metric: t(`metrics.${metric}.name`),
            value: format.number(current.value),
          })}
        {current?.cost != null &&
          ` ${t('results.candidates.currentCost', { cost: format.plain(current.cost) })}`}
      </Text>
      <Text size="sm">{t('results.candidates.optimism', { number: items.length })}</Text>
    </Panel>
  );
}

/** @param reach of all candidates, so that their intervals can be compared */
function CandidateFacts({ item, reach }: { item: Item; reach: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { difference, value, cost, trainingMs, trainingRows, outcome } = item;
  const metric = item.metric as DecidingMetric;
  const change = changeOf(metric, difference ?? undefined);
  const range = { low: format.signed(difference?.low), high: format.signed(difference?.high) };
  const facts: [string, string][] = [
    [t(`metrics.${metric}.name`), format.number(value)],
    ...(cost === null ? [] : [[t('results.candidates.cost'), format.plain(cost)] as [string, string]]),
    [t('results.candidates.time'), trainingMs === null ? '–' : format.duration(trainingMs)],
    [t('results.trainingRows'), format.integer(trainingRows)],
  ];
  return (
    <span className={classes.facts}>
      <strong>{t(`results.outcome.${outcome}`)}</strong>
      {facts.map(([fact, text]) => (
        <span key={fact} className={classes.fact}>
          <span>{fact}</span>
          <b>{text}</b>
        </span>
      ))}
      {difference && (
        <span>
          <IntervalGraphic
            difference={difference}
            change={change}
            reach={reach}
            label={t('results.intervalLabel', {
              ...range,
              estimate: format.signed(difference.estimate),
              verdict: t(`results.${change}`),
            })}
          />
          <span className={classes.range}>
            {t('results.candidates.difference', { estimate: format.signed(difference.estimate), ...range })}
          </span>
        </span>
      )}
    </span>
  );
}
