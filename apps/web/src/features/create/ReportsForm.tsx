import { Draft } from '@kaefer/contracts';
import { Button, Group, Radio, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { adoptDraft, createProject, paths } from '../../api/actions.ts';
import { projectsQuery } from '../../api/queries.ts';
import { useNotice } from '../../app/notices.ts';
import { DropZone } from '../../ui/DropZone.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TransferList } from '../files/TransferList.tsx';
import { useFileTransfers } from '../files/use-file-transfers.ts';
import { ReportFields } from './ReportFields.tsx';
import {
  problemsOfProject,
  reportOf,
  toReportsProject,
  type ReportChoice,
  type ReportsProject,
} from './report-choices.ts';
import { tasks } from './tasks.ts';

const nothing: ReportsProject = { name: '', task: 'binary', target: '', positive: '', key: '', reports: [] };

/** From a file of each report to a project whose recipe is to be written. */
export function ReportsForm({ onBack }: { readonly onBack: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const say = useNotice();
  const queryClient = useQueryClient();
  const [choices, setChoices] = useState(nothing);
  const [tried, setTried] = useState(false);
  const set = (part: Partial<ReportsProject>) => setChoices((before) => ({ ...before, ...part }));
  const setReport = (draft: string, part: Partial<ReportChoice> | null) =>
    setChoices((before) => ({
      ...before,
      reports: before.reports.flatMap((report) =>
        report.draft.id !== draft ? [report] : part === null ? [] : [{ ...report, ...part }],
      ),
    }));
  const { transfers, remove, send } = useFileTransfers({
    pathOf: paths.draft,
    schema: Draft,
    onDone: (draft) =>
      setChoices((before) => ({ ...before, reports: [...before.reports, reportOf(draft, before.reports)] })),
  });
  const creating = useMutation({
    mutationFn: async () => {
      const project = await createProject(toReportsProject(choices));
      for (const { draft, name } of choices.reports) await adoptDraft(project.id, draft.id, name);
      return project;
    },
    onSuccess: async (project) => {
      await queryClient.invalidateQueries({ queryKey: projectsQuery.queryKey });
      say(t('create.created', { name: project.name }));
      await navigate({ to: '/projects/$project/recipe', params: { project: project.id } });
    },
  });
  const problems = problemsOfProject(choices);
  const problem = (field: keyof typeof problems) => {
    const found = tried ? problems[field] : undefined;
    return found && t(`recipe.problems.${found}`);
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(problems).length === 0) creating.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        <Panel title={t('recipe.createTitle')} text={t('recipe.createText')}>
          <DropZone many onFiles={send} />
          <TransferList transfers={transfers} onRemove={remove} />
          {choices.reports.map((report) => (
            <ReportFields
              key={report.draft.id}
              report={report}
              others={choices.reports.filter((other) => other !== report)}
              isTried={tried}
              onChange={(part) => setReport(report.draft.id, part)}
            />
          ))}
          {choices.reports.length === 0 && problem('reports') && (
            <Stack role="alert">{problem('reports')}</Stack>
          )}
        </Panel>
        <Panel title={t('recipe.createProject')} text={t('recipe.createProjectText')}>
          <Stack gap="lg" maw={620}>
            <TextInput
              label={t('create.name')}
              required
              maxLength={80}
              value={choices.name}
              error={problem('name')}
              onChange={(event) => set({ name: event.currentTarget.value })}
            />
            <Radio.Group
              label={t('create.task')}
              value={choices.task}
              onChange={(task) => set({ task: tasks.find(([name]) => name === task)?.[0] ?? 'binary' })}
            >
              <Stack gap="xs" mt="xs">
                {tasks.map(([task, label, description]) => (
                  <Radio key={task} value={task} label={t(label)} description={t(description)} />
                ))}
              </Stack>
            </Radio.Group>
            <TextInput
              label={t('recipe.target')}
              required
              maxLength={200}
              value={choices.target}
              error={problem('target')}
              onChange={(event) => set({ target: event.currentTarget.value })}
            />
            {choices.task === 'binary' && (
              <TextInput
                label={t('recipe.positive')}
                description={t('recipe.positiveHint')}
                value={choices.positive}
                onChange={(event) => set({ positive: event.currentTarget.value })}
              />
            )}
            <TextInput
              label={t('recipe.trainingKey')}
              description={t('recipe.trainingKeyHint')}
              required
              maxLength={200}
              value={choices.key}
              error={problem('key')}
              onChange={(event) => set({ key: event.currentTarget.value })}
            />
            {creating.error && <ErrorNotice error={creating.error} />}
            <Group>
              <Button variant="default" size="md" onClick={onBack}>
                {t('create.back')}
              </Button>
              <Button type="submit" size="md" loading={creating.isPending}>
                {t('recipe.toRecipe')}
              </Button>
            </Group>
          </Stack>
        </Panel>
      </Stack>
    </form>
  );
}
