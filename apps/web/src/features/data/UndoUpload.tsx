import type { UndoPlan } from '@kaefer/contracts';
import { Button } from '@mantine/core';
import { IconEraser } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { undoUpload } from '../../api/actions.ts';
import { undoPlanQuery } from '../../api/queries.ts';
import { useNotice } from '../../app/notices.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { useIsEngineer } from '../project/use-is-engineer.ts';

interface Props {
  readonly project: string;
  readonly upload: { readonly id: string; readonly filename: string };
  /** A report goes out of its own table; the training table follows later. */
  readonly isReport?: boolean;
}

/** Takes a merged file out of the data again, as a new version; says before what that does. */
export function UndoUpload({ project, upload, isReport = false }: Props) {
  const { t } = useTranslation();
  const say = useNotice();
  const queryClient = useQueryClient();
  const isEngineer = useIsEngineer();
  const [asking, setAsking] = useState(false);
  const { id, filename } = upload;
  const plan = useQuery({ ...undoPlanQuery(project, id), enabled: asking });
  const undoing = useMutation({
    mutationFn: () => undoUpload(id),
    onSuccess: async ({ version }) => {
      await queryClient.invalidateQueries({ queryKey: ['project', project] });
      setAsking(false);
      say(isReport ? t('recipe.reportUndone', { filename }) : t('data.undone', { filename, version }));
    },
  });
  if (!isEngineer) return null;
  return (
    <>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconEraser size={18} aria-hidden />}
        aria-label={`${t('data.undoAction')}: ${filename}`}
        onClick={() => setAsking(true)}
      >
        {t('data.undoAction')}
      </Button>
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('data.undoTitle', { filename })}
        text={plan.data ? <PlanText plan={plan.data} isReport={isReport} /> : t('data.undoLooking')}
        confirm={t('data.undoConfirm')}
        pending={plan.isFetching || undoing.isPending}
        disabled={!plan.data}
        error={undoing.error ?? plan.error}
        onConfirm={() => undoing.mutate()}
      />
    </>
  );
}

function PlanText({ plan, isReport }: { plan: UndoPlan; isReport: boolean }) {
  const { t } = useTranslation();
  const { removed, restored, kept, models } = plan;
  return [
    ...(removed > 0 ? [t('data.undoRemoved', { count: removed })] : []),
    ...(restored > 0 ? [t('data.undoRestored', { count: restored })] : []),
    ...(kept > 0 ? [t('data.undoKept', { count: kept })] : []),
    ...(models.length > 0 ? [t('data.undoModels', { count: models.length, models: models.join(', ') })] : []),
    t(isReport ? 'recipe.undoAfter' : 'data.undoAfter'),
  ].join(' ');
}
