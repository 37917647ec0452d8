import type { Project, Upload } from '@kaefer/contracts';
import { Text } from '@mantine/core';
import { IconCircleCheck, IconCircleDashed } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { RecipeResult } from '@kaefer/contracts';
import { useTranslation } from 'react-i18next';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Tag } from '../../ui/Tag.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { RecipeOutcome } from '../recipe/RecipeOutcome.tsx';
import classes from './ReportsPanel.module.css';

interface Props {
  readonly project: Project;
  readonly pending: readonly Upload[];
  readonly trial: UseQueryResult<RecipeResult>;
}

/** Which reports have come, and what the recipe makes of them together. */
export function ReportsPanel({ project, pending, trial }: Props) {
  const { t } = useTranslation();
  const usable = pending.filter(({ status }) => status === 'valid');
  return (
    <Panel
      title={t('recipe.trainTitle')}
      text={t('recipe.trainText')}
      actions={
        <LinkButton variant="default" to="/projects/$project/recipe" params={{ project: project.id }}>
          {t('recipe.open')}
        </LinkButton>
      }
    >
      <ul className={classes.reports}>
        {project.sources.map(({ name, key }) => {
          const count = usable.filter(({ source }) => source === name).length;
          return (
            <li key={name}>
              <Tag
                tone={count > 0 ? 'better' : 'neutral'}
                icon={
                  count > 0 ? (
                    <IconCircleCheck size={16} aria-hidden />
                  ) : (
                    <IconCircleDashed size={16} aria-hidden />
                  )
                }
              >
                {count > 0 ? t('recipe.arrived', { count }) : t('recipe.notArrived')}
              </Tag>
              <strong>{name}</strong>
              <Text size="sm" c="dimmed">
                {key.join(' + ')}
              </Text>
            </li>
          );
        })}
      </ul>
      {project.recipe === null && <Text>{t('recipe.missing')}</Text>}
      {trial.isError && <ErrorNotice error={trial.error} onRetry={() => void trial.refetch()} />}
      {trial.isFetching && <Waiting heights={[120]} />}
      {trial.data && !trial.isFetching && (
        <div aria-live="polite">
          <Text fw={600} mb="xs">
            {t(trial.data.status === 'valid' ? 'recipe.made' : 'recipe.unusable')}
          </Text>
          <RecipeOutcome result={trial.data} />
        </div>
      )}
    </Panel>
  );
}
