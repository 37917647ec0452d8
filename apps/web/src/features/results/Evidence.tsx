import type { Comparison, Project } from '@kaefer/contracts';
import { Text } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../ui/Panel.tsx';
import { ImportancePlot } from '../plots/ImportancePlot.tsx';
import { StoredLearningCurve } from '../plots/StoredLearningCurve.tsx';
import { AcceptancePanel } from './AcceptancePanel.tsx';
import { AnswersPanel } from './AnswersPanel.tsx';
import { AuditPanel } from './AuditPanel.tsx';
import { CalibrationPanel } from './CalibrationPanel.tsx';
import { ClassPanel } from './ClassPanel.tsx';
import { CurvesPanel } from './CurvesPanel.tsx';
import { DisagreementPanel } from './DisagreementPanel.tsx';
import { DriftPanel } from './DriftPanel.tsx';
import { LooksNotice } from './LooksNotice.tsx';
import { MetricTable } from './MetricTable.tsx';
import { ModelFacts } from './ModelFacts.tsx';
import { PlainModelNote } from './PlainModelNote.tsx';
import type { SideNames } from './side-names.ts';
import { SegmentsPanel } from './SegmentsPanel.tsx';
import { ThresholdPanel } from './ThresholdPanel.tsx';
import { UploadsPanel } from './UploadsPanel.tsx';

/** Everything that the verdict rests on. */
export function Evidence({
  comparison,
  project,
  called,
}: {
  readonly comparison: Comparison;
  readonly project: Project | undefined;
  /** Without it the models are called the current and the new one. */
  readonly called?: SideNames;
}) {
  const { t } = useTranslation();
  const { current, candidate, newRows, oldRows, task, verdict, baseline } = comparison;
  const names = useMemo(
    () =>
      called ?? {
        current: `${t('words.current')} (${current?.model.version ?? ''})`,
        candidate: `${t('words.candidate')} (${candidate.model.version})`,
      },
    [t, called, current, candidate],
  );
  return (
    <>
      <LooksNotice comparison={comparison} />
      <AcceptancePanel comparison={comparison} />
      <Panel
        title={t('results.metrics')}
        text={t(current ? 'results.metricsText' : 'results.metricsTextFirst')}
      >
        <MetricTable
          caption={t('results.metrics')}
          task={task}
          current={current?.metrics ?? null}
          candidate={candidate.metrics}
          difference={comparison.difference}
          intervals={{ current: current?.intervals ?? null, candidate: candidate.intervals }}
          names={names}
          plain={baseline ? { name: t('results.plain.name'), metrics: baseline.metrics } : undefined}
          deciding={current ? verdict.metric : undefined}
        />
        {baseline && (
          <PlainModelNote
            baseline={baseline}
            metric={verdict.metric}
            value={candidate.metrics[verdict.metric]}
            name={names.candidate}
          />
        )}
      </Panel>
      {task === 'binary' && <CurvesPanel comparison={comparison} names={names} />}
      <CalibrationPanel comparison={comparison} names={names} />
      <AnswersPanel comparison={comparison} names={names} />
      <ClassPanel comparison={comparison} names={names} />
      {task === 'binary' && <ThresholdPanel comparison={comparison} project={project} names={names} />}
      {current && (
        <Panel
          title={t('results.newRows')}
          text={
            newRows
              ? t('results.newRowsText', { rows: t('words.rows', { count: newRows.rows }) })
              : t('results.newRowsNone')
          }
        >
          {newRows && (
            <MetricTable
              caption={t('results.newRows')}
              task={task}
              current={newRows.current}
              candidate={newRows.candidate}
              difference={newRows.difference}
              names={names}
            />
          )}
        </Panel>
      )}
      {oldRows && (
        <Panel
          title={t('results.oldRows')}
          text={t('results.oldRowsText', { rows: t('words.rows', { count: oldRows.rows }) })}
        >
          <MetricTable
            caption={t('results.oldRows')}
            task={task}
            current={oldRows.current}
            candidate={oldRows.candidate}
            difference={oldRows.difference}
            names={names}
          />
        </Panel>
      )}
      <DisagreementPanel comparison={comparison} names={names} />
      <SegmentsPanel comparison={comparison} />
      <UploadsPanel comparison={comparison} target={project?.target ?? ''} />
      <DriftPanel comparison={comparison} />
      <Panel title={t('results.importance')} text={t('results.importanceHint')}>
        <ImportancePlot
          current={current?.importance ?? null}
          candidate={candidate.importance}
          names={names}
        />
      </Panel>
      <Panel title={t('results.learningCurve')} text={t('progress.curveText')}>
        {comparison.learningCurve.train.length > 0 ? (
          <StoredLearningCurve curve={comparison.learningCurve} />
        ) : (
          <Text c="dimmed">{t('progress.curveEmpty')}</Text>
        )}
      </Panel>
      <ModelFacts comparison={comparison} names={names} />
      <AuditPanel comparison={comparison} run={called ? undefined : comparison.run} />
    </>
  );
}
