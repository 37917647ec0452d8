import type { ContractChange } from '@kaefer/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { saveContract } from '../../api/actions.ts';
import { contractQuery, contractVersionsQuery, uploadsQuery } from '../../api/queries.ts';
import { useNotice } from '../../app/notices.ts';

/** Saves a contract; when that is done, every screen knows, and the person is told how many files were checked again. */
export function useContractChange(project: string, source: string | null) {
  const { t } = useTranslation();
  const say = useNotice();
  const queryClient = useQueryClient();
  const { mutate, error, isPending } = useMutation({
    mutationFn: (change: ContractChange) => saveContract(project, source, change),
    onSuccess: async ({ rechecked, ...state }) => {
      say(
        `${t('contract.saved', { version: state.version })} ${t('contract.rechecked', { count: rechecked })}`,
      );
      queryClient.setQueryData(contractQuery(project, source).queryKey, state);
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: contractVersionsQuery(project, source).queryKey }),
        queryClient.invalidateQueries({ queryKey: uploadsQuery(project).queryKey }),
      ]);
    },
  });
  return { save: mutate, error, isPending };
}
