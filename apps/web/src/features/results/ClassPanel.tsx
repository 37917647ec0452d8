import type { ClassResult, Comparison } from '@kaefer/contracts';
import { NativeSelect, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Panel } from '../../ui/Panel.tsx';
import { Table } from '../../ui/Table.tsx';
import { CurvePair } from '../plots/CurvePair.tsx';
import { ChangeTag } from './ChangeTag.tsx';
import classes from './Confusion.module.css';
import { Plotted } from './CurvesPanel.tsx';
import { OwnInterval } from './OwnInterval.tsx';
import { changeOfRecall } from './segment-facts.ts';
import type { SideNames } from './side-names.ts';

const figures = ['recall', 'precision', 'auc'] as const;
const titles = { recall: 'classFound', precision: 'classRight', auc: 'classRanking' } as const;

/** How each of several classes is told from the others, by both models. */
export function ClassPanel({ comparison, names }: { comparison: Comparison; names: SideNames }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { current, candidate, classes: outcomes, byClass } = comparison;
  if (!candidate.byClass) return null;
  return (
    <Panel
      title={t('results.byClass')}
      text={t(byClass ? 'results.byClassText' : 'results.byClassTextFirst')}
    >
      <Table
        caption={t('results.byClass')}
        compact
        head={
          <tr>
            <th scope="col">{t('results.className')}</th>
            {byClass && (
              <th scope="col" data-number>
                {t('results.difference')}
              </th>
            )}
            {figures.map((figure) => (
              <th key={figure} scope="col" data-number>
                {t(`results.${titles[figure]}`)}
              </th>
            ))}
          </tr>
        }
      >
        {outcomes.map((outcome, index) => {
          const result = candidate.byClass?.[index];
          const before = current?.byClass?.[index];
          const difference = byClass?.[index];
          const change = difference && changeOfRecall(difference);
          return (
            <tr key={outcome}>
              <th scope="row">
                {outcome}
                <Text size="sm" c="dimmed">
                  {t('words.rows', { count: result?.rows ?? 0 })}
                </Text>
              </th>
              {byClass && (
                <td data-number>
                  {format.signed(difference?.recall.estimate)}{' '}
                  {change && change !== 'same' && <ChangeTag change={change} />}
                </td>
              )}
              {figures.map((figure) => (
                <td key={figure} data-number>
                  {before && `${format.number(before[figure].estimate)} → `}
                  <strong>{format.number(result?.[figure].estimate)}</strong>
                  <OwnInterval interval={result?.[figure]} />
                </td>
              ))}
            </tr>
          );
        })}
      </Table>
      <ClassCurves comparison={comparison} names={names} />
    </Panel>
  );
}

/** Both curves of one class, which is chosen. */
function ClassCurves({ comparison, names }: { comparison: Comparison; names: SideNames }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { current, candidate, classes: outcomes } = comparison;
  const drawn = outcomes.filter((_, index) => candidate.byClass?.[index]?.roc !== undefined);
  const [chosen, setChosen] = useState<string>();
  const outcome = chosen ?? drawn[0];
  const index = outcomes.indexOf(outcome ?? '');
  const ofCandidate = candidate.byClass?.[index];
  const ofCurrent = current?.byClass?.[index];
  if (!ofCandidate) return null;
  const areas = [
    ...(ofCurrent ? [`${names.current} ${format.number(ofCurrent.auc.estimate)}`] : []),
    `${names.candidate} ${format.number(ofCandidate.auc.estimate)}`,
  ].join(', ');
  const pair = (curve: 'roc' | 'precisionRecall') => ({
    current: sideOf(names.current, ofCurrent?.[curve]),
    candidate: { name: names.candidate, points: ofCandidate[curve] ?? [] },
  });
  return (
    <>
      <NativeSelect
        label={t('results.classCurves')}
        data={drawn}
        value={outcome ?? ''}
        onChange={(event) => setChosen(event.currentTarget.value)}
        maw={320}
      />
      <div className={classes.sides}>
        <Plotted title={t('results.roc')} hint={t('results.rocHint')}>
          <CurvePair
            {...pair('roc')}
            diagonal
            x={t('results.rocX')}
            y={t('results.rocY')}
            label={t('results.rocLabel', { areas })}
          />
        </Plotted>
        <Plotted title={t('results.pr')} hint={t('results.prHint')}>
          <CurvePair
            {...pair('precisionRecall')}
            x={t('results.prX')}
            y={t('results.prY')}
            label={t('results.prHint')}
          />
        </Plotted>
      </div>
    </>
  );
}

const sideOf = (name: string, points: ClassResult['roc']) => (points ? { name, points } : null);
