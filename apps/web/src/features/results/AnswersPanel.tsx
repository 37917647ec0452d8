import type { Comparison } from '@kaefer/contracts';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../ui/Panel.tsx';
import { PredictedPlot } from '../plots/PredictedPlot.tsx';
import { candidateColor, currentColor } from '../plots/series.ts';
import { ClassMatrix } from './ClassMatrix.tsx';
import classes from './Confusion.module.css';
import { ConfusionTable } from './ConfusionTable.tsx';
import type { SideNames } from './side-names.ts';

/** Where the answers of each model are right and where wrong, in the form that suits the task. */
export function AnswersPanel({ comparison, names }: { comparison: Comparison; names: SideNames }) {
  const { t } = useTranslation();
  const sides = [
    ...(comparison.current ? [{ name: names.current, result: comparison.current, color: currentColor }] : []),
    { name: names.candidate, result: comparison.candidate, color: candidateColor },
  ];
  if (comparison.task === 'regression') {
    const points = sides.flatMap(({ result }) => result.curves.predicted ?? []);
    if (points.length === 0) return null;
    const values = points.flat();
    const domain: [number, number] = [
      values.reduce((least, value) => Math.min(least, value), Infinity),
      values.reduce((most, value) => Math.max(most, value), -Infinity),
    ];
    return (
      <Panel title={t('results.predicted')} text={t('results.predictedHint')}>
        <div className={classes.sides}>
          {sides.map(({ name, result, color }) => (
            <div key={name} className={classes.side}>
              <p className={classes.model}>{name}</p>
              <PredictedPlot
                model={name}
                points={result.curves.predicted ?? []}
                domain={domain}
                color={color}
              />
            </div>
          ))}
        </div>
      </Panel>
    );
  }
  return (
    <Panel
      title={t('results.confusion')}
      text={comparison.task === 'binary' ? t('results.confusionHint') : undefined}
    >
      <div className={classes.sides}>
        {sides.map(({ name, result }) =>
          result.confusion ? (
            <ConfusionTable key={name} model={name} counts={result.confusion} />
          ) : (
            result.confusionMatrix && (
              <ClassMatrix
                key={name}
                model={name}
                names={comparison.classes}
                matrix={result.confusionMatrix}
              />
            )
          ),
        )}
      </div>
    </Panel>
  );
}
