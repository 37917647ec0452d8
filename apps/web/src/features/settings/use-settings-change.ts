import type { SettingsRequestInput } from '@kaefer/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { changeSettings } from '../../api/actions.ts';
import { projectQuery, settingsQuery } from '../../api/queries.ts';
import { useNotice } from '../../app/notices.ts';

/** Changes a project's settings; when that is done, every screen knows and the person is told. */
export function useSettingsChange(project: string) {
  const say = useNotice();
  const queryClient = useQueryClient();
  const { mutate, error, isPending } = useMutation({
    mutationFn: ({ request }: { request: SettingsRequestInput; done: string }) =>
      changeSettings(project, request),
    onSuccess: async (changed, { done }) => {
      queryClient.setQueryData(projectQuery(project).queryKey, changed);
      say(done);
      await queryClient.invalidateQueries({ queryKey: settingsQuery(project).queryKey });
    },
  });
  return {
    change: (request: SettingsRequestInput, done: string) => mutate({ request, done }),
    error,
    isPending,
  };
}
