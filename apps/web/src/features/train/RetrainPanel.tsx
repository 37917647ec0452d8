import { RunMode, type Project, type Upload } from '@kaefer/contracts';
import { Button, Radio, Stack, Text } from '@mantine/core';
import { IconRefreshDot } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { startRun } from '../../api/actions.ts';
import { runQuery } from '../../api/queries.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { changedRows, openLeaks } from './pending.ts';
import classes from './RetrainPanel.module.css';

interface Props {
  readonly project: Project;
  readonly pending: readonly Upload[];
  /** Everything whose findings must be answered before. */
  readonly judged: readonly Pick<Upload, 'status' | 'problems'>[];
  /** What the recipe makes of the reports cannot be trained on. */
  readonly unusable: boolean;
  readonly busy: boolean;
}

/** How to train, on what, and the button that starts it. */
export function RetrainPanel({ project, pending, judged, unusable, busy }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [mode, setMode] = useState<RunMode>('full');
  const usable = pending.filter((upload) => upload.status === 'valid');
  const hasData = project.dataset.version !== null && project.dataset.rows > 0;
  const blocked = project.activeRun !== null || project.waitingRun !== null;
  const unanswered = openLeaks(project, judged).length > 0;
  const nothing = usable.length === 0 && (!hasData || pending.length > 0);

  const starting = useMutation({
    mutationFn: () =>
      startRun(
        project.id,
        usable.map((upload) => upload.id),
        mode,
      ),
    onSuccess: async (run) => {
      queryClient.setQueryData(runQuery(run.id).queryKey, run);
      void queryClient.invalidateQueries({ queryKey: ['project', project.id] });
      await navigate({ to: '/runs/$run', params: { run: run.id } });
    },
  });

  const summary = unusable
    ? t('recipe.cannotTrain')
    : unanswered
      ? t('train.leaksOpen')
      : usable.length > 0
        ? t('train.summary', {
            files: t('train.fileCount', { count: usable.length }),
            rows: t('words.rows', { count: changedRows(usable) }),
          })
        : pending.length > 0
          ? t('train.unusable')
          : hasData
            ? t('train.withoutNew', { rows: t('words.rows', { count: project.dataset.rows }) })
            : t('train.nothing');

  return (
    <Panel title={t('train.mode')}>
      <Radio.Group value={mode} onChange={(value) => setMode(value)} aria-label={t('train.mode')}>
        <div className={classes.modes}>
          {RunMode.options.map((one) => {
            const isBlocked = (one === 'incremental' || one === 'refresh') && project.champion === null;
            return (
              <Radio
                key={one}
                value={one}
                label={t(`train.${one}`)}
                description={
                  isBlocked ? `${t(`train.${one}Text`)} ${t('train.needsModel')}` : t(`train.${one}Text`)
                }
                disabled={isBlocked}
                classNames={{ root: classes.mode, label: classes.label }}
              />
            );
          })}
        </div>
      </Radio.Group>
      {starting.error && <ErrorNotice error={starting.error} />}
      <Stack gap="xs" align="flex-start">
        <Text id="retrain-summary">{summary}</Text>
        {usable.length > 1 && (
          <Text size="sm" c="dimmed">
            {t('train.orderOfFiles')}
          </Text>
        )}
        <Button
          size="lg"
          leftSection={<IconRefreshDot size={22} aria-hidden />}
          disabled={blocked || nothing || busy || unanswered || unusable}
          loading={starting.isPending}
          aria-describedby="retrain-summary"
          onClick={() => starting.mutate()}
        >
          {t('train.start')}
        </Button>
      </Stack>
    </Panel>
  );
}
