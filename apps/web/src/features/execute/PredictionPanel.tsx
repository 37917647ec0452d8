import type { Prediction, Project } from '@kaefer/contracts';
import { Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Panel } from '../../ui/Panel.tsx';
import { ClassBars } from './ClassBars.tsx';
import classes from './Execute.module.css';
import { Gauge } from './Gauge.tsx';
import { Reasons } from './Reasons.tsx';

interface Props {
  readonly title: string;
  readonly project: Project;
  readonly model: number;
  readonly prediction: Prediction;
}

/** One answer: label, probability, threshold and reasons. */
export function PredictionPanel({ title, project, model, prediction }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { score, label, threshold, explanation, unseen } = prediction;
  const alert = project.task === 'binary' && threshold !== null && score >= threshold;
  const Icon = alert ? IconAlertTriangle : IconCircleCheck;
  const binary = project.task === 'binary';
  return (
    <Panel title={title} text={t('execute.byModel', { version: model })}>
      <div className={classes.prediction}>
        <Stack gap={4}>
          {project.task === 'regression' ? (
            <>
              <Text c="dimmed">{t('execute.predictedValue', { target: project.target })}</Text>
              <div className={classes.score}>{format.plain(Number(score.toPrecision(5)))}</div>
            </>
          ) : (
            <>
              <div className={classes.label} data-alert={alert || undefined}>
                {binary && <Icon size={28} stroke={1.7} aria-hidden />}
                {project.target}: {String(label)}
              </div>
              <div className={classes.score}>{format.percent(score, 1)}</div>
              <Text c="dimmed">
                {binary
                  ? t('execute.probability', { positive: project.positive ?? project.classes[1] ?? '' })
                  : t('execute.probabilityOf', { label: String(label) })}
              </Text>
              {binary && <Gauge score={score} threshold={threshold} />}
              {binary && threshold !== null && (
                <Text fw={550}>
                  {t(alert ? 'execute.above' : 'execute.below', { threshold: format.percent(threshold, 1) })}
                </Text>
              )}
            </>
          )}
          {prediction.scores && <ClassBars scores={prediction.scores} />}
          {unseen && unseen.length > 0 && (
            <Text size="sm" c="dimmed">
              {t('execute.unseen', { columns: unseen.join(', ') })}
            </Text>
          )}
        </Stack>
        {explanation && <Reasons explanation={explanation} />}
      </div>
    </Panel>
  );
}
