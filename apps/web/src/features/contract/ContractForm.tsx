import { columnRuleNames, ruleNames, type ContractState } from '@kaefer/contracts';
import { Button, Fieldset, NativeSelect, Radio, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { NoteField } from '../../ui/NoteField.tsx';
import { SearchField } from '../../ui/SearchField.tsx';
import { EngineersOnly } from '../project/EngineersOnly.tsx';
import { Table } from '../../ui/Table.tsx';
import { matches } from '../execute/form-fields.ts';
import { ColumnRow } from './ColumnRow.tsx';
import {
  choicesOf,
  contractFrom,
  isChanged,
  withRule,
  type ColumnChoices,
  type ContractChoices,
  type LimitName,
} from './contract-choices.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { RuleFields } from './RuleFields.tsx';
import { useContractChange } from './use-contract-change.ts';

const searchFrom = 15;
/** So many columns stand in the table at a time; more are found by their names. */
const mostShown = 100;
const fileRules = ruleNames.filter((name) => !columnRuleNames.includes(name));

/** What is agreed of a project's files, to be edited; begins with what holds now. */
export function ContractForm({ project, state }: { project: string; state: ContractState }) {
  const { t } = useTranslation();
  const { decimalMark: mark } = useFormat();
  const [choices, setChoices] = useState(() => choicesOf(state.contract, mark));
  const [search, setSearch] = useState('');
  const { save, error, isPending } = useContractChange(project, state.source);
  const set = (part: Partial<ContractChoices>) => setChoices((before) => ({ ...before, ...part }));
  const setColumn = (name: string, part: Partial<ColumnChoices>) =>
    setChoices((before) => ({
      ...before,
      columns: before.columns.map((column) => (column.name === name ? { ...column, ...part } : column)),
    }));
  const made = contractFrom(choices, mark);
  const problems = 'problems' in made ? made.problems : [];
  const canSave = 'contract' in made && isChanged(state.contract, made.contract);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (canSave) save({ contract: made.contract, version: state.version, note: choices.note });
  };
  const facts = new Map(state.columns.map((column) => [column.name, column]));
  const found = choices.columns.filter(({ name }) => search.trim() === '' || matches(name, search));
  const dates = choices.columns.filter(({ type }) => type === 'date' || type === 'timestamp');
  const limit = (name: LimitName, label: string) => (
    <TextInput
      label={label}
      inputMode="decimal"
      value={choices[name]}
      error={problems.some(({ field }) => field === name) && t('contract.noLimit')}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
    />
  );

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        {choices.columns.length >= searchFrom && (
          <SearchField label={t('data.columnsFind')} value={search} onChange={setSearch} />
        )}
        <EngineersOnly>
          {found.length === 0 ? (
            <Text role="status">{t('data.columnsNone')}</Text>
          ) : (
            <Table
              compact
              maxHeight={560}
              caption={t('contract.columnsCaption')}
              head={
                <tr>
                  <th scope="col">{t('files.column')}</th>
                  <th scope="col">{t('contract.synonyms')}</th>
                  <th scope="col">{t('files.type')}</th>
                  <th scope="col">{t('contract.required')}</th>
                  <th scope="col">{t('contract.min')}</th>
                  <th scope="col">{t('contract.max')}</th>
                  <th scope="col">{t('contract.allowed')}</th>
                  <th scope="col">{t('contract.unique')}</th>
                  <th scope="col">{t('contract.rulesShort')}</th>
                </tr>
              }
            >
              {found.slice(0, mostShown).map((column) => (
                <ColumnRow
                  key={column.name}
                  column={column}
                  facts={facts.get(column.name) ?? { name: column.name, role: 'feature', tableType: null }}
                  problems={problems.filter((problem) => problem.column === column.name)}
                  book={{ rules: choices.rules, columns: [] }}
                  onChange={(part) => setColumn(column.name, part)}
                />
              ))}
            </Table>
          )}
          <Text size="sm" c="dimmed">
            {found.length > mostShown && `${t('contract.moreColumns', { count: found.length - mostShown })} `}
            {t('contract.listHint')}
          </Text>
          <Fieldset legend={t('contract.whole')}>
            <Stack gap="md">
              <Radio.Group
                label={t('contract.rejectedRows')}
                value={choices.rejectedRows}
                onChange={(rejectedRows) =>
                  set({ rejectedRows: rejectedRows === 'refuse_file' ? 'refuse_file' : 'leave_out' })
                }
              >
                <Stack gap={6} mt={6}>
                  <Radio value="leave_out" label={t('contract.leaveOut')} />
                  <Radio value="refuse_file" label={t('contract.refuseFile')} />
                </Stack>
              </Radio.Group>
              <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} style={{ alignItems: 'end' }}>
                {limit('driftLimit', t('contract.driftLimit'))}
                {limit('nullsLimit', t('contract.nullsLimit'))}
                {limit('smallFileShare', t('contract.smallFileShare'))}
                <NativeSelect
                  label={t('contract.freshnessColumn')}
                  value={choices.freshnessColumn}
                  data={[
                    { value: '', label: t('contract.noFreshness') },
                    ...dates.map(({ name }) => ({ value: name, label: name })),
                  ]}
                  onChange={(event) => set({ freshnessColumn: event.currentTarget.value })}
                />
                {choices.freshnessColumn !== '' && limit('freshnessDays', t('contract.freshnessDays'))}
              </SimpleGrid>
            </Stack>
          </Fieldset>
          <Fieldset legend={t('contract.rulesOfColumns')}>
            <RuleFields
              names={columnRuleNames}
              rules={choices.rules}
              fallback={undefined}
              onChange={(name, action) => set({ rules: withRule(choices.rules, name, action) })}
            />
          </Fieldset>
          <Fieldset legend={t('contract.rulesOfFiles')}>
            <RuleFields
              names={fileRules}
              rules={choices.rules}
              fallback={undefined}
              onChange={(name, action) => set({ rules: withRule(choices.rules, name, action) })}
            />
          </Fieldset>
          <NoteField value={choices.note} onChange={(note) => set({ note })} />
          {error && <ErrorNotice error={error} />}
          {problems.length > 0 && (
            <Text role="status">{t('contract.cannotSave', { count: problems.length })}</Text>
          )}
          <div>
            <Button type="submit" size="md" loading={isPending} disabled={!canSave}>
              {t('contract.save')}
            </Button>
          </div>
        </EngineersOnly>
      </Stack>
    </form>
  );
}
