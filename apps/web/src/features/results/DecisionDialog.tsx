import type { Comparison } from '@kaefer/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { decide } from '../../api/actions.ts';
import { useNotice } from '../../app/notices.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import type { Choice } from './DecisionButtons.tsx';

interface Props {
  readonly comparison: Comparison;
  readonly choice: Choice | null;
  readonly onClose: () => void;
}

/** Confirms a choice, with an optional reason, and goes on to where the chosen model works. */
export function DecisionDialog({ comparison, choice, onClose }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const say = useNotice();
  const queryClient = useQueryClient();
  const { run, project } = comparison;
  const deciding = useMutation({
    mutationFn: ({ chosen, note }: { chosen: Choice; note: string }) =>
      decide(run, chosen, comparison.candidate.model.version, note),
    onSuccess: async (decision) => {
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: ['run', run], exact: true }),
        queryClient.invalidateQueries({ queryKey: ['project', project] }),
        queryClient.invalidateQueries({ queryKey: ['projects'] }),
      ]);
      onClose();
      // Until a second person has approved, the results are where one can see what became of it.
      if ('proposal' in decision) return say(t('results.proposed', { version: decision.proposal.version }));
      say(
        t(decision.choice === 'candidate' ? 'results.savedUse' : 'results.savedKeep', {
          version: decision.champion,
        }),
      );
      await navigate({ to: '/projects/$project/execute', params: { project } });
    },
  });
  const version =
    choice === 'current' ? comparison.current?.model.version : comparison.candidate.model.version;
  return (
    <ConfirmDialog
      opened={choice !== null}
      onClose={() => {
        deciding.reset();
        onClose();
      }}
      title={t(choice === 'current' ? 'results.confirmKeep' : 'results.confirmUse', { version })}
      text={t(choice === 'current' ? 'results.confirmKeepText' : 'results.confirmUseText', { version })}
      confirm={t('results.confirm')}
      withReason
      pending={deciding.isPending}
      error={deciding.error}
      onConfirm={(note) => choice && deciding.mutate({ chosen: choice, note })}
    />
  );
}
