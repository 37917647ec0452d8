import { decidingMetric, decidingMetrics, type DecidingMetric, type Project } from '@kaefer/contracts';
import { Button, NativeSelect, NumberInput, SimpleGrid, Switch, Text } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { NoteField } from '../../ui/NoteField.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { EngineersOnly } from '../project/EngineersOnly.tsx';
import { choosingChoicesOf, choosingOf } from './choosing-choices.ts';
import { useSettingsChange } from './use-settings-change.ts';

/** When a new model counts as better, and who says that it goes into production. */
export function ChoosingForm({ project }: { readonly project: Project }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [choices, setChoices] = useState(() => choosingChoicesOf(project.choosing));
  const [note, setNote] = useState('');
  const { change, error, isPending } = useSettingsChange(project.id);
  const set = (part: Partial<typeof choices>) => setChoices((before) => ({ ...before, ...part }));
  const choosing = choosingOf(choices);
  const isChanged = choosing !== undefined && JSON.stringify(choosing) !== JSON.stringify(project.choosing);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (isChanged)
      change({ choosing, ...(note.trim() === '' ? {} : { note: note.trim() }) }, t('settings.saved'));
  };
  const number = {
    hideControls: true,
    min: 0,
    ...format.typing,
  };
  const nameOf = (metric: DecidingMetric) => t(`metrics.${metric}.name`);
  const usual = decidingMetric(project.task);
  const metric = nameOf(choices.metric ?? usual);
  return (
    <form onSubmit={submit} noValidate>
      <Panel title={t('settings.choosing')} text={t('settings.choosingText')}>
        <EngineersOnly>
          <NativeSelect
            label={t('settings.decidingMetric')}
            description={t('settings.decidingMetricHint')}
            value={choices.metric ?? usual}
            data={decidingMetrics[project.task].map((value) => ({ value, label: nameOf(value) }))}
            onChange={({ currentTarget: { value } }) =>
              set({ metric: value === usual ? null : (value as DecidingMetric) })
            }
          />
          <SimpleGrid cols={{ base: 1, sm: 3 }} style={{ alignItems: 'end' }}>
            <NumberInput
              {...number}
              label={t('settings.margin')}
              description={t('settings.marginHint', { metric })}
              value={choices.margin}
              onChange={(margin) => set({ margin })}
            />
            <NumberInput
              {...number}
              label={t('settings.mostBytes')}
              description={t('settings.limitHint')}
              value={choices.megabytes}
              onChange={(megabytes) => set({ megabytes })}
            />
            <NumberInput
              {...number}
              label={t('settings.mostMicroseconds')}
              description={t('settings.limitHint')}
              value={choices.microseconds}
              onChange={(microseconds) => set({ microseconds })}
            />
          </SimpleGrid>
          <Switch
            label={t('settings.secondApprover')}
            description={t('settings.secondApproverHint')}
            checked={choices.secondApprover}
            onChange={(event) => set({ secondApprover: event.currentTarget.checked, isAutomatic: false })}
          />
          <Switch
            label={t('settings.automatic')}
            description={t('settings.automaticHint')}
            checked={choices.isAutomatic}
            onChange={(event) => set({ isAutomatic: event.currentTarget.checked, secondApprover: false })}
          />
          {choices.isAutomatic && (
            <SimpleGrid cols={{ base: 1, sm: 3 }} style={{ alignItems: 'end' }}>
              <NumberInput
                {...number}
                allowDecimal={false}
                label={t('settings.fewestRows')}
                value={choices.fewestRows}
                onChange={(fewestRows) => set({ fewestRows })}
              />
              {project.task === 'binary' && (
                <NumberInput
                  {...number}
                  allowDecimal={false}
                  label={t('settings.fewestPositives')}
                  value={choices.fewestPositives}
                  onChange={(fewestPositives) => set({ fewestPositives })}
                />
              )}
            </SimpleGrid>
          )}
          <NoteField value={note} onChange={setNote} />
          {choosing === undefined && <Text role="alert">{t('settings.choosingInvalid')}</Text>}
          {error && <ErrorNotice error={error} />}
          <div>
            <Button
              type="submit"
              size="md"
              loading={isPending}
              disabled={project.activeRun !== null || !isChanged}
            >
              {t('settings.choosingSave')}
            </Button>
          </div>
        </EngineersOnly>
      </Panel>
    </form>
  );
}
