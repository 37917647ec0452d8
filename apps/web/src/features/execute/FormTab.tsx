import type { Model, Project } from '@kaefer/contracts';
import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useMemo, useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { predict } from '../../api/actions.ts';
import { modelQuery } from '../../api/queries.ts';
import { Disclosure } from '../../ui/Disclosure.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { SearchField } from '../../ui/SearchField.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import classes from './Execute.module.css';
import { FieldInput } from './FieldInput.tsx';
import { groupFields, matches, toRow, usualValues } from './form-fields.ts';
import { PredictionPanel } from './PredictionPanel.tsx';

const strongestFields = 9;
const searchFrom = 15;

/** A record that is not in the lake, typed in. */
export function FormTab({ project, version }: { project: Project; version: number }) {
  const query = useQuery(modelQuery(project.id, version));
  if (query.isError) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Waiting heights={[420]} />;
  return <PredictionForm project={project} model={query.data} key={query.data.version} />;
}

function PredictionForm({ project, model }: { project: Project; model: Model }) {
  const { t } = useTranslation();
  const [values, setValues] = useState(() => usualValues(model.features));
  const [search, setSearch] = useState('');
  const groups = useMemo(() => groupFields(model, strongestFields), [model]);
  const [recordKey, setRecordKey] = useState('');
  const { key } = project;
  const asking = useMutation({
    mutationFn: () => {
      const row = toRow(model.features, values);
      return predict(project.id, key === null ? row : { ...row, [key]: recordKey.trim() });
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    asking.mutate();
  };
  const prediction = asking.data?.predictions[0];

  const fields = (features: typeof model.features) => (
    <div className={classes.fields}>
      {features.map((feature) => (
        <FieldInput
          key={feature.name}
          feature={feature}
          value={values[feature.name] ?? ''}
          onChange={(value) => setValues((before) => ({ ...before, [feature.name]: value }))}
        />
      ))}
    </div>
  );
  const found = search.trim() === '' ? null : model.features.filter(({ name }) => matches(name, search));

  return (
    <Stack gap="lg">
      <form onSubmit={submit}>
        <Panel>
          <Text c="dimmed">{t('execute.formText')}</Text>
          {key !== null && (
            <TextInput
              maw={360}
              label={t('execute.formKey', { key })}
              description={t('execute.formKeyHint')}
              value={recordKey}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setRecordKey(event.currentTarget.value)}
            />
          )}
          {model.features.length >= searchFrom && (
            <SearchField label={t('execute.formSearch')} value={search} onChange={setSearch} />
          )}
          {found ? (
            found.length > 0 ? (
              fields(found)
            ) : (
              <Text role="status">{t('execute.formSearchNone')}</Text>
            )
          ) : (
            <>
              {groups.strong.length > 0 && groups.other.length > 0 && (
                <Title order={2}>{t('execute.formStrong')}</Title>
              )}
              {groups.strong.length > 0 && fields(groups.strong)}
              {groups.strong.length === 0 && fields(groups.other)}
              {groups.strong.length > 0 && groups.other.length > 0 && (
                <Disclosure title={t('execute.formOther', { count: groups.other.length })}>
                  {fields(groups.other)}
                </Disclosure>
              )}
            </>
          )}
          <Group>
            <Button type="submit" size="md" loading={asking.isPending}>
              {t('execute.formSubmit')}
            </Button>
            <Button
              variant="default"
              size="md"
              onClick={() => {
                setValues(usualValues(model.features));
                setRecordKey('');
              }}
            >
              {t('execute.formReset')}
            </Button>
          </Group>
        </Panel>
      </form>
      <div aria-live="polite" className={classes.answers}>
        {asking.error && <ErrorNotice error={asking.error} />}
        {asking.data && prediction && (
          <PredictionPanel
            title={t('execute.answerForm')}
            project={project}
            model={asking.data.model}
            prediction={prediction}
          />
        )}
      </div>
    </Stack>
  );
}
