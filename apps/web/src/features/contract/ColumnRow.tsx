import { columnRuleNames, type ColumnType, type ContractState, type RuleBook } from '@kaefer/contracts';
import { ActionIcon, Checkbox, Indicator, NativeSelect, TextInput } from '@mantine/core';
import { IconAdjustments } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Tag } from '../../ui/Tag.tsx';
import {
  hasRange,
  hasValues,
  typesFor,
  withRule,
  type ColumnChoices,
  type ContractProblem,
} from './contract-choices.ts';
import classes from './ColumnRow.module.css';
import { RuleFields } from './RuleFields.tsx';

interface Props {
  readonly column: ColumnChoices;
  readonly facts: ContractState['columns'][number];
  readonly problems: readonly ContractProblem[];
  /** The rules of the contract as a whole. */
  readonly book: RuleBook;
  readonly onChange: (part: Partial<ColumnChoices>) => void;
}

/** What is agreed of one column, and below it, when asked for, its own rules. */
export function ColumnRow({ column, facts, problems, book, onChange }: Props) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const { name, type } = column;
  const label = (field: string): string => `${name}: ${field}`;
  const error = (field: ContractProblem['field'], text: string) =>
    problems.some((problem) => problem.field === field) && text;
  const isNamed = facts.role === 'key' || facts.role === 'target';
  const own = Object.keys(column.rules).length;
  return (
    <>
      <tr>
        <th scope="row" className={classes.name}>
          {name}{' '}
          {facts.role !== 'feature' && (
            <Tag tone={facts.role === 'excluded' ? 'neutral' : 'accent'}>{t(`roles.${facts.role}`)}</Tag>
          )}
        </th>
        <td>
          <TextInput
            size="xs"
            miw={150}
            aria-label={label(t('contract.synonyms'))}
            value={column.synonyms}
            onChange={(event) => onChange({ synonyms: event.currentTarget.value })}
          />
        </td>
        <td>
          <NativeSelect
            size="xs"
            miw={130}
            aria-label={label(t('files.type'))}
            disabled={typesFor(facts, type).length < 2}
            value={type}
            data={typesFor(facts, type).map((value) => ({ value, label: t(`types.${value}`) }))}
            onChange={(event) => onChange({ type: event.currentTarget.value as ColumnType })}
          />
        </td>
        <td>
          <Checkbox
            aria-label={label(t('contract.required'))}
            disabled={isNamed}
            checked={isNamed || column.required}
            onChange={(event) => onChange({ required: event.currentTarget.checked })}
          />
        </td>
        <td>
          {hasRange(type) && (
            <TextInput
              size="xs"
              w={110}
              aria-label={label(t('contract.min'))}
              error={error('min', t('contract.noBound'))}
              value={column.min}
              onChange={(event) => onChange({ min: event.currentTarget.value })}
            />
          )}
        </td>
        <td>
          {hasRange(type) && (
            <TextInput
              size="xs"
              w={110}
              aria-label={label(t('contract.max'))}
              error={error('max', t('contract.noBound'))}
              value={column.max}
              onChange={(event) => onChange({ max: event.currentTarget.value })}
            />
          )}
        </td>
        <td>
          {hasValues(type) && (
            <TextInput
              size="xs"
              miw={150}
              aria-label={label(t('contract.allowed'))}
              error={error('allowed', t('contract.noValue'))}
              value={column.allowed}
              onChange={(event) => onChange({ allowed: event.currentTarget.value })}
            />
          )}
        </td>
        <td>
          <Checkbox
            aria-label={label(t('contract.unique'))}
            disabled={facts.role === 'key'}
            checked={facts.role === 'key' || column.unique}
            onChange={(event) => onChange({ unique: event.currentTarget.checked })}
          />
        </td>
        <td>
          <Indicator label={own} size={16} disabled={own === 0}>
            <ActionIcon
              variant="default"
              aria-label={label(t('contract.ownRules', { count: own }))}
              aria-expanded={isOpen}
              onClick={() => setOpen(!isOpen)}
            >
              <IconAdjustments size={18} aria-hidden />
            </ActionIcon>
          </Indicator>
        </td>
      </tr>
      {isOpen && (
        <tr>
          <td colSpan={9} style={{ whiteSpace: 'normal' }}>
            <RuleFields
              names={columnRuleNames}
              rules={column.rules}
              fallback={book}
              of={name}
              onChange={(rule, action) => onChange({ rules: withRule(column.rules, rule, action) })}
            />
          </td>
        </tr>
      )}
    </>
  );
}
