import type { Project } from '@kaefer/contracts';
import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { IconFlask } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { tryRecipe } from '../../api/actions.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { NoteField } from '../../ui/NoteField.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useSettingsChange } from '../settings/use-settings-change.ts';
import { RecipeOutcome } from './RecipeOutcome.tsx';
import classes from './RecipeEditor.module.css';

interface Props {
  readonly project: Project;
  /** Checked files that no run has taken yet: they count as merged in a trial. */
  readonly waiting: readonly string[];
}

/** The query, what it makes of the reports, and saving it. */
export function RecipeEditor({ project, waiting }: Props) {
  const { t } = useTranslation();
  const [sql, setSql] = useState(project.recipe ?? '');
  const [note, setNote] = useState('');
  const { change, error, isPending } = useSettingsChange(project.id);
  const trial = useMutation({ mutationFn: (recipe: string) => tryRecipe(project.id, [...waiting], recipe) });
  const written = sql.trim();
  const isChanged = written !== (project.recipe ?? '');
  const isBusy = project.activeRun !== null;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (written !== '' && isChanged)
      change({ recipe: written, ...(note.trim() === '' ? {} : { note: note.trim() }) }, t('recipe.saved'));
  };
  return (
    <>
      <form onSubmit={submit} noValidate>
        <Panel
          title={t('recipe.query')}
          text={t('recipe.queryText', { key: project.key ?? '', target: project.target })}
        >
          <Stack gap="md">
            <Textarea
              aria-label={t('recipe.query')}
              classNames={{ input: classes.sql }}
              autosize
              minRows={10}
              maxRows={28}
              spellCheck={false}
              value={sql}
              onChange={(event) => setSql(event.currentTarget.value)}
            />
            <NoteField value={note} onChange={setNote} />
            {error && <ErrorNotice error={error} />}
            {isBusy && <Text>{t('settings.busy')}</Text>}
            <Group>
              <Button
                variant="default"
                size="md"
                leftSection={<IconFlask size={20} aria-hidden />}
                loading={trial.isPending}
                disabled={written === ''}
                onClick={() => trial.mutate(written)}
              >
                {t('recipe.try')}
              </Button>
              <Button
                type="submit"
                size="md"
                loading={isPending}
                disabled={isBusy || written === '' || !isChanged}
              >
                {t('recipe.save')}
              </Button>
            </Group>
          </Stack>
        </Panel>
      </form>
      <div aria-live="polite">
        {trial.error && <ErrorNotice error={trial.error} />}
        {trial.data && (
          <Panel
            title={t(trial.data.status === 'valid' ? 'recipe.made' : 'recipe.unusable')}
            text={waiting.length === 0 ? undefined : t('recipe.withWaiting', { count: waiting.length })}
          >
            <RecipeOutcome result={trial.data} />
          </Panel>
        )}
      </div>
    </>
  );
}
