import type { Project, Upload } from '@kaefer/contracts';
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useSettingsChange } from '../settings/use-settings-change.ts';
import { openLeaks } from './pending.ts';

/** Asks of each column that may give the outcome away whether models may learn from it. */
export function LeakQuestions({
  project,
  pending,
}: {
  readonly project: Project;
  readonly pending: readonly Pick<Upload, 'status' | 'problems'>[];
}) {
  const { t } = useTranslation();
  const { change, error, isPending } = useSettingsChange(project.id);
  const columns = openLeaks(project, pending);
  if (columns.length === 0) return null;
  return (
    <Panel
      tone="attention"
      title={t('train.leakTitle')}
      text={t('train.leakText', { target: project.target })}
    >
      <Stack gap="md">
        {columns.map((column) => (
          <section key={column} aria-label={column}>
            <Title order={3} style={{ overflowWrap: 'anywhere' }}>
              {column}
            </Title>
            <Text size="sm" mb="xs">
              {t('train.leakQuestion')}
            </Text>
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
                aria-label={`${t('train.leakConfirm')}: ${column}`}
                onClick={() =>
                  change({ confirmed: [...project.confirmed, column] }, t('train.leakConfirmed', { column }))
                }
              >
                {t('train.leakConfirm')}
              </Button>
            </Group>
          </section>
        ))}
        {error && <ErrorNotice error={error} />}
      </Stack>
    </Panel>
  );
}
