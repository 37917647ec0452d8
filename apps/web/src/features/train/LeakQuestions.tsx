import type { Project, Upload } from '@kaefer/contracts';
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useSettingsChange } from '../settings/use-settings-change.ts';
import { columnQuestions } from './pending.ts';

/** Asks of each column that may give the outcome away, or only counts the rows, whether models may learn from it. */
export function LeakQuestions({
  project,
  pending,
}: {
  readonly project: Project;
  readonly pending: readonly Pick<Upload, 'status' | 'problems'>[];
}) {
  const { t } = useTranslation();
  const { change, error, isPending } = useSettingsChange(project.id);
  const questions = columnQuestions(project, pending);
  if (questions.length === 0) return null;
  const areLeaks = questions.some(({ isNeeded }) => isNeeded);
  return (
    <Panel
      tone="attention"
      title={t(areLeaks ? 'train.leakTitle' : 'train.columnTitle')}
      text={areLeaks ? t('train.leakText', { target: project.target }) : undefined}
    >
      <Stack gap="md">
        {questions.map(({ column, findings, isNeeded }) => (
          <section key={column} aria-label={column}>
            <Title order={3} style={{ overflowWrap: 'anywhere' }}>
              {column}
            </Title>
            {findings.map((finding) => (
              <Text key={finding} size="sm" mb="xs">
                {finding}
              </Text>
            ))}
            <Group gap="sm">
              <Button
                disabled={isPending}
                aria-label={`${t('train.leakExclude')}: ${column}`}
                onClick={() =>
                  change({ exclude: [...project.exclude, column] }, t('train.leakExcluded', { column }))
                }
              >
                {t('train.leakExclude')}
              </Button>
              <Button
                variant="default"
                disabled={isPending}
                aria-label={`${t(isNeeded ? 'train.leakConfirm' : 'train.columnConfirm')}: ${column}`}
                onClick={() =>
                  change(
                    { confirmed: [...project.confirmed, column] },
                    t(isNeeded ? 'train.leakConfirmed' : 'train.columnConfirmed', { column }),
                  )
                }
              >
                {t(isNeeded ? 'train.leakConfirm' : 'train.columnConfirm')}
              </Button>
            </Group>
          </section>
        ))}
        {error && <ErrorNotice error={error} />}
      </Stack>
    </Panel>
  );
}
