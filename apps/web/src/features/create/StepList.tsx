import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './StepList.module.css';

const steps = [
  ['file', 'create.step1'],
  ['review', 'create.step2'],
  ['form', 'create.step3'],
] as const;

/** Where one is on the way to a project. */
export function StepList({ at }: { at: (typeof steps)[number][0] }) {
  const { t } = useTranslation();
  const position = steps.findIndex(([step]) => step === at);
  return (
    <ol className={classes.steps} aria-label={t('create.steps')}>
      {steps.map(([step, text], index) => (
        <li
          key={step}
          aria-current={index === position ? 'step' : undefined}
          data-done={index < position || undefined}
        >
          <span aria-hidden>{index < position ? <IconCheck size={16} /> : index + 1}</span>
          {t(text)}
        </li>
      ))}
    </ol>
  );
}
