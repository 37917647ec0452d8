import type { DatasetChange } from '@kaefer/contracts';
import { Button } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { restoreDataset } from '../../api/actions.ts';
import { useNotice } from '../../app/notices.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { useIsEngineer } from '../project/use-is-engineer.ts';

/** Brings an earlier version back, as a new one. */
export function RestoreVersion({ project, change }: { project: string; change: DatasetChange }) {
  const { t } = useTranslation();
  const say = useNotice();
  const queryClient = useQueryClient();
  const isEngineer = useIsEngineer();
  const [asking, setAsking] = useState(false);
  const { version } = change;
  const restoring = useMutation({
    mutationFn: () => restoreDataset(project, version),
    onSuccess: async (restored) => {
      await queryClient.invalidateQueries({ queryKey: ['project', project] });
      setAsking(false);
      say(t('data.restored', { from: restored.restoredFrom, version: restored.version }));
    },
  });
  if (!isEngineer) return null;
  return (
    <>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconArrowBackUp size={18} aria-hidden />}
        aria-label={`${t('data.restoreAction')}: ${t('words.dataVersion', { version })}`}
        onClick={() => setAsking(true)}
      >
        {t('data.restoreAction')}
      </Button>
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('data.restoreTitle', { version })}
        text={t('data.restoreText', { version, rows: t('words.rows', { count: change.rows }) })}
        confirm={t('data.restoreConfirm')}
        pending={restoring.isPending}
        error={restoring.error}
        onConfirm={() => restoring.mutate()}
      />
    </>
  );
}
