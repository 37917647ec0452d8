import { Stage, type Run } from '@kaefer/contracts';
import { Loader } from '@mantine/core';
import { IconCircle, IconCircleCheckFilled, IconCircleX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { stageState } from './stage-state.ts';
import classes from './StageList.module.css';

/** The four stages, what each does, and how far it is. */
export function StageList({ run }: { run: Run }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <ol className={classes.stages}>
      {Stage.options.map((stage) => {
        const state = stageState(run, stage);
        const timeMs = run.timings[stage];
        return (
          <li key={stage} data-state={state} aria-current={state === 'active' ? 'step' : undefined}>
            <span className={classes.icon} aria-hidden>
              {state === 'done' && <IconCircleCheckFilled size={24} />}
              {state === 'active' && <Loader size={22} />}
              {state === 'pending' && <IconCircle size={24} stroke={1.5} />}
              {state === 'stopped' && <IconCircleX size={24} />}
            </span>
            <span>
              <strong>{t(`stages.${stage}`)}</strong>
              <small>{t(`stages.${stage}Hint`)}</small>
            </span>
            <span className={classes.state}>
              {t(`progress.${state}`)}
              {timeMs !== undefined && ` · ${format.duration(timeMs)}`}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
