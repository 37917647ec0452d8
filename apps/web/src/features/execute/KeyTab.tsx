import type { Project } from '@kaefer/contracts';
import { Button, Stack, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { findRecord, predict } from '../../api/actions.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import classes from './Execute.module.css';
import { PredictionPanel } from './PredictionPanel.tsx';
import { RecordPanel } from './RecordPanel.tsx';

/** Looks a record up by its key and scores it. Made for a scanner: focus, key, Enter, and the next one. */
export function KeyTab({ project }: { project: Project }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const [key, setKey] = useState('');
  const asking = useMutation({
    mutationFn: async (wanted: string) => {
      const record = await findRecord(project.id, wanted);
      return { record, answer: await predict(project.id, record.values) };
    },
    // Selected, so that the next scan replaces it.
    onSettled: () => field.current?.select(),
  });

  useEffect(() => {
    // A screen that was just opened moves the focus to its heading first; the field takes it after that.
    const timer = setTimeout(() => field.current?.focus());
    return () => clearTimeout(timer);
  }, []);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (key.trim() !== '') asking.mutate(key.trim());
  };
  const prediction = asking.data?.answer.predictions[0];

  return (
    <Stack gap="lg">
      <Panel>
        <form onSubmit={submit} className={classes.keyForm}>
          <TextInput
            ref={field}
            size="lg"
            label={t('execute.keyLabel', { key: project.key ?? '' })}
            description={t('execute.keyHint')}
            value={key}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            className={classes.keyField}
            onChange={(event) => setKey(event.currentTarget.value)}
          />
          <Button
            type="submit"
            size="lg"
            loading={asking.isPending}
            leftSection={<IconSearch size={20} aria-hidden />}
          >
            {t('execute.keySubmit')}
          </Button>
        </form>
      </Panel>
      <div aria-live="polite" className={classes.answers}>
        {asking.isPending && <Waiting heights={[180]} />}
        {asking.error && <ErrorNotice error={asking.error} />}
        {asking.data && prediction && (
          <>
            <PredictionPanel
              title={t('execute.answer', { key: asking.data.record.key })}
              project={project}
              model={asking.data.answer.model}
              prediction={prediction}
            />
            <RecordPanel project={project} record={asking.data.record} />
          </>
        )}
      </div>
    </Stack>
  );
}
