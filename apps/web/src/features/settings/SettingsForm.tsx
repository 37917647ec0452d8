import { TrainingSettings, type Project } from '@kaefer/contracts';
import { Button, Fieldset, MultiSelect, NumberInput, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { NoteField } from '../../ui/NoteField.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { EngineersOnly } from '../project/EngineersOnly.tsx';
import { CostFields } from '../create/CostFields.tsx';
import { settingNames } from '../models/setting-names.ts';
import { choicesOf, problemsOf, rangeOf, requestOf } from './settings-choices.ts';
import { useSettingsChange } from './use-settings-change.ts';

const defaults = TrainingSettings.parse({});

interface Props {
  readonly project: Project;
  /** Of the data. */
  readonly columns: readonly string[];
}

/** What may change of a project; begins with what holds now. */
export function SettingsForm({ project, columns }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [choices, setChoices] = useState(() => choicesOf(project));
  const { change, error, isPending } = useSettingsChange(project.id);
  const set = (part: Partial<typeof choices>) => setChoices((before) => ({ ...before, ...part }));
  const problems = problemsOf(choices);
  const request = requestOf(project, choices);
  const isBusy = project.activeRun !== null;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (request !== undefined && problems.length === 0) change(request, t('settings.saved'));
  };
  const roles = [project.target, project.key, project.date];
  const free = [...new Set([...columns, ...project.exclude, ...project.confirmed])].filter(
    (name) => !roles.includes(name),
  );
  const common = { searchable: true, nothingFoundMessage: t('data.columnsNone') };

  return (
    <form onSubmit={submit} noValidate>
      <Panel title={t('settings.changeable')} text={t('settings.changeableText')}>
        <Stack gap="lg">
          <MultiSelect
            {...common}
            label={t('create.exclude')}
            description={t('create.excludeHint')}
            data={free.filter((name) => !choices.confirmed.includes(name))}
            value={choices.exclude}
            onChange={(exclude) => set({ exclude })}
          />
          <MultiSelect
            {...common}
            label={t('settings.confirmedLabel')}
            description={t('settings.confirmedHint')}
            data={free.filter((name) => !choices.exclude.includes(name))}
            value={choices.confirmed}
            onChange={(confirmed) => set({ confirmed })}
          />
          <EngineersOnly>
            {project.task === 'binary' && (
              <CostFields
                choices={choices}
                onChange={set}
                error={problems.includes('costs') ? t('create.costsBoth') : undefined}
              />
            )}
            <Fieldset legend={t('settings.training')}>
              <Text size="sm" c="dimmed" mb="md">
                {t('settings.trainingHint')}
              </Text>
              <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} style={{ alignItems: 'end' }}>
                {settingNames.map((name) => (
                  <NumberInput
                    key={name}
                    label={t(`models.settingNames.${name}`)}
                    description={t('settings.default', { value: format.plain(defaults[name]) })}
                    hideControls
                    {...format.typing}
                    value={choices.training[name]}
                    error={
                      problems.includes(name) &&
                      t('settings.outOfRange', {
                        low: format.plain(rangeOf(name).low),
                        high: format.plain(rangeOf(name).high),
                      })
                    }
                    onChange={(value) => set({ training: { ...choices.training, [name]: value } })}
                  />
                ))}
              </SimpleGrid>
              <SimpleGrid cols={{ base: 1, md: 2 }} mt="md" style={{ alignItems: 'end' }}>
                <MultiSelect
                  {...common}
                  label={t('settings.rising')}
                  description={t('settings.monotoneHint')}
                  data={free.filter((name) => !choices.falling.includes(name))}
                  value={choices.rising}
                  onChange={(rising) => set({ rising })}
                />
                <MultiSelect
                  {...common}
                  label={t('settings.falling')}
                  description={t('settings.monotoneHint')}
                  data={free.filter((name) => !choices.rising.includes(name))}
                  value={choices.falling}
                  onChange={(falling) => set({ falling })}
                />
              </SimpleGrid>
            </Fieldset>
          </EngineersOnly>
          <NoteField value={choices.note} onChange={(note) => set({ note })} />
          {error && <ErrorNotice error={error} />}
          {isBusy && <Text>{t('settings.busy')}</Text>}
          <div>
            <Button
              type="submit"
              size="md"
              loading={isPending}
              disabled={isBusy || request === undefined || problems.length > 0}
            >
              {t('settings.save')}
            </Button>
          </div>
        </Stack>
      </Panel>
    </form>
  );
}
