import { Button } from '@mantine/core';
import { IconPlayerStop } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cancelRun } from '../../api/actions.ts';
import { runQuery } from '../../api/queries.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';

export function CancelRun({ run: id }: { run: string }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState(false);
  const cancelling = useMutation({
    mutationFn: () => cancelRun(id),
    onSuccess: (run) => {
      setAsking(false);
      queryClient.setQueryData(runQuery(id).queryKey, run);
      void queryClient.invalidateQueries({ queryKey: ['project', run.project] });
    },
  });
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconPlayerStop size={18} aria-hidden />}
        onClick={() => setAsking(true)}
      >
        {t('progress.cancel')}
      </Button>
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('progress.cancelTitle')}
        text={t('progress.cancelText')}
        confirm={t('progress.cancelConfirm')}
        dismiss={t('progress.cancelKeep')}
        danger
        pending={cancelling.isPending}
        error={cancelling.error}
        onConfirm={() => cancelling.mutate()}
      />
    </>
  );
}
