import type { Draft, Reading } from '@kaefer/contracts';
import { Button, Group, MultiSelect, Radio, Select, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { adoptDraft, createProject } from '../../api/actions.ts';
import { projectsQuery } from '../../api/queries.ts';
import { useNotice } from '../../app/notices.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { CostFields } from './CostFields.tsx';
import {
  choicesForTarget,
  outcomesOf,
  problemsOf,
  toProject,
  type ProjectChoices,
} from './project-choices.ts';
import { tasks } from './tasks.ts';

interface Props {
  readonly draft: Draft;
  /** How its files are written, as far as a person said it. */
  readonly reading: Reading;
  readonly initial: ProjectChoices;
  readonly onBack: (choices: ProjectChoices) => void;
}

/** What to predict, and what else Käfer should know; begins with its own suggestions. */
export function ProjectForm({ draft, reading, initial, onBack }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const say = useNotice();
  const queryClient = useQueryClient();
  const [choices, setChoices] = useState(initial);
  const [tried, setTried] = useState(false);
  const set = (part: Partial<ProjectChoices>) => setChoices((before) => ({ ...before, ...part }));
  const problems = problemsOf(choices);
  const problem = (field: keyof ProjectChoices) => {
    const found = tried ? problems[field] : undefined;
    return found && t(`create.${found}`);
  };

  const creating = useMutation({
    mutationFn: async () => {
      const project = await createProject({ ...toProject(choices), reading });
      await adoptDraft(project.id, draft.id);
      return project;
    },
    onSuccess: async (project) => {
      await queryClient.invalidateQueries({ queryKey: projectsQuery.queryKey });
      say(t('create.created', { name: project.name }));
      await navigate({ to: '/projects/$project/train', params: { project: project.id } });
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(problems).length === 0) creating.mutate();
  };

  const columns = draft.columns.map(({ name }) => name);
  const suggested = draft.suggestions.targets.map(({ column }) => column);
  const firstThen = (first: readonly string[]) => [
    ...(first.length > 0 ? [{ group: t('create.suggested'), items: [...first] }] : []),
    { group: t('create.otherColumns'), items: columns.filter((name) => !first.includes(name)) },
  ];
  const common = { searchable: true, nothingFoundMessage: t('data.columnsNone') };

  return (
    <form onSubmit={submit} noValidate>
      <Panel title={t('create.step3')}>
        <Stack gap="lg" maw={620}>
          <TextInput
            label={t('create.name')}
            required
            maxLength={80}
            value={choices.name}
            error={problem('name')}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <Select
            {...common}
            label={t('create.target')}
            description={t('create.targetHint')}
            required
            allowDeselect={false}
            data={firstThen(suggested)}
            value={choices.target || null}
            error={problem('target')}
            onChange={(target) => target && set(choicesForTarget(draft, target))}
          />
          <Radio.Group label={t('create.task')} value={choices.task} onChange={(task) => set({ task })}>
            <Stack gap="xs" mt="xs">
              {tasks.map(([task, name, text]) => (
                <Radio key={task} value={task} label={t(name)} description={t(text)} />
              ))}
            </Stack>
          </Radio.Group>
          {choices.task === 'binary' && (
            <Select
              label={t('create.positive')}
              description={t('create.positiveHint')}
              required
              allowDeselect={false}
              data={[...new Set([...outcomesOf(draft, choices.target), choices.positive])].filter(Boolean)}
              value={choices.positive || null}
              error={problem('positive')}
              onChange={(positive) => set({ positive: positive ?? '' })}
            />
          )}
          <Select
            {...common}
            label={t('create.key')}
            description={t('create.keyHint')}
            placeholder={t('create.noKey')}
            clearable
            clearButtonProps={{ 'aria-label': t('create.noKey') }}
            data={firstThen(draft.suggestions.keys)}
            value={choices.key || null}
            error={problem('key')}
            onChange={(key) => set({ key: key ?? '' })}
          />
          <Select
            {...common}
            label={t('create.date')}
            description={t('create.dateHint')}
            placeholder={t('create.noDate')}
            clearable
            clearButtonProps={{ 'aria-label': t('create.noDate') }}
            data={firstThen(draft.suggestions.dates)}
            value={choices.date || null}
            error={problem('date')}
            onChange={(date) => set({ date: date ?? '' })}
          />
          <MultiSelect
            {...common}
            label={t('create.exclude')}
            description={t('create.excludeHint')}
            data={columns.filter((name) => ![choices.target, choices.key, choices.date].includes(name))}
            value={[...choices.exclude]}
            onChange={(exclude) => set({ exclude })}
          />
          {choices.task === 'binary' && (
            <CostFields choices={choices} onChange={set} error={problem('costFalseNegative')} />
          )}
          {creating.error && <ErrorNotice error={creating.error} />}
          <Group>
            <Button variant="default" size="md" onClick={() => onBack(choices)}>
              {t('create.back')}
            </Button>
            <Button type="submit" size="md" loading={creating.isPending}>
              {t('create.submit')}
            </Button>
          </Group>
        </Stack>
      </Panel>
    </form>
  );
}
