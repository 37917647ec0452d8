import type { ClassResult, Comparison } from '@kaefer/contracts';
import { NativeSelect } from '@mantine/core';
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
const hints = { recall: 'classFoundHint', precision: 'classRightHint', auc: 'classRankingHint' } as const;

/** How each of several classes is told from the others, by both models. */
export function ClassPanel({ comparison, names }: { comparison: Comparison; names: SideNames }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { current, candidate, classes: outcomes, byClass } = comparison;
  if (!candidate.byClass) return null;
  const sides = [
    ...(current?.byClass ? [{ name: t('results.current'), results: current.byClass }] : []),
    { name: t('results.candidate'), results: candidate.byClass },
  ];
  return (
    <Panel title={t('results.byClass')} text={t('results.byClassText')}>
      <Table
        caption={t('results.byClass')}
        compact
        head={
          <>
            <tr>
              <th scope="col" rowSpan={2}>
                {t('results.className')}
              </th>
              <th scope="col" rowSpan={2} data-number>
                {t('results.segmentRows')}
              </th>
              {figures.map((figure) => (
                <th key={figure} scope="colgroup" colSpan={sides.length} data-number>
                  {t(`results.${titles[figure]}`)} ({t(`results.${hints[figure]}`)})
                </th>
              ))}
              {byClass && (
                <th scope="col" rowSpan={2}>
                  {t('results.classFound')}: {t('results.difference')}
                </th>
              )}
            </tr>
            <tr>
              {figures.map((figure) =>
                sides.map(({ name }) => (
                  <th key={`${figure}:${name}`} scope="col" data-number>
                    {name}
                  </th>
                )),
              )}
            </tr>
          </>
        }
      >
        {outcomes.map((outcome, index) => {
          const difference = byClass?.[index];
          return (
            <tr key={outcome}>
              <th scope="row">{outcome}</th>
              <td data-number>{format.integer(candidate.byClass?.[index]?.rows)}</td>
              {figures.map((figure) =>
                sides.map(({ name, results }) => (
                  <td key={`${figure}:${name}`} data-number>
                    {format.number(results[index]?.[figure].estimate)}
                    <OwnInterval interval={results[index]?.[figure]} />
                  </td>
                )),
              )}
              {byClass && (
                <td>
                  {difference && (
                    <>
                      {format.signed(difference.recall.estimate)}{' '}
                      <ChangeTag change={changeOfRecall(difference)} />
                    </>
                  )}
                </td>
              )}
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
