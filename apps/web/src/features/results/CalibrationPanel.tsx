import type { Comparison } from '@kaefer/contracts';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Panel } from '../../ui/Panel.tsx';
import { Table } from '../../ui/Table.tsx';
import { CalibrationPlot, type CalibratedSide } from '../plots/CalibrationPlot.tsx';
import type { SideNames } from './side-names.ts';

/** Whether what is said to happen with a probability does. */
export function CalibrationPanel({ comparison, names }: { comparison: Comparison; names: SideNames }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { current, candidate } = comparison;
  const { current: currentName, candidate: candidateName } = names;
  const sides = useMemo(
    () =>
      [
        { name: currentName, calibration: current?.curves.calibration, isCandidate: false },
        { name: candidateName, calibration: candidate.curves.calibration, isCandidate: true },
      ].flatMap(({ calibration, ...side }) =>
        calibration === undefined ? [] : [{ ...side, calibration, groups: calibration.groups }],
      ),
    [current, candidate, currentName, candidateName],
  );
  if (sides.length === 0) return null;
  const figures = ['error', 'slope', 'intercept'] as const;
  return (
    <Panel
      title={t('results.calibration')}
      text={t(
        comparison.task === 'multiclass' ? 'results.calibrationTextClasses' : 'results.calibrationText',
      )}
    >
      <CalibrationPlot sides={sides satisfies readonly CalibratedSide[]} />
      <Table
        caption={t('results.calibration')}
        head={
          <tr>
            <th scope="col">{t('results.metric')}</th>
            {sides.map(({ name }) => (
              <th key={name} scope="col" data-number>
                {name}
              </th>
            ))}
          </tr>
        }
      >
        {figures.map((figure) => (
          <tr key={figure}>
            <th scope="row">{t(`results.calibrationFigures.${figure}`)}</th>
            {sides.map(({ name, calibration }) => (
              <td key={name} data-number>
                {figure === 'error'
                  ? format.percent(calibration.error, 2)
                  : format.number(calibration[figure])}
              </td>
            ))}
          </tr>
        ))}
      </Table>
    </Panel>
  );
}
