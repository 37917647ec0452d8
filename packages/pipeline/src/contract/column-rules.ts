import type { ColumnType, Contract, ContractColumn } from '@kaefer/contracts';
import { actionOf } from '@kaefer/contracts/messages';
import { widerType, type TableColumn } from '../lake/column-types.ts';
import { keyColumnsOf, type Expectations, type HeldContract } from '../state/expectations.ts';
import type { Synonyms } from '../understand/known-spelling.ts';

/** What is agreed of a column, if anything is. */
export function agreedOn(contract: Contract | undefined, name: string): ContractColumn | undefined {
  return contract?.columns.find((column) => column.name === name);
}

/** Every other name that files have for columns. */
export function synonymsOf(contract: Contract | undefined): Synonyms {
  return new Map((contract?.columns ?? []).map(({ name, synonyms }) => [name, synonyms]));
}

/** Whether cells of one of the two types can stand in a column of the other without becoming text. */
export function goTogether(a: ColumnType, b: ColumnType): boolean {
  return a === b || (a !== 'text' && b !== 'text' && widerType(a, b) !== 'text');
}

/** Whether a column keeps the agreed type, so that cells of a wider one are refused. */
export function keepsType({ contract: held }: Expectations, column: string): boolean {
  if (held === undefined || held.isInferred || agreedOn(held.contract, column) === undefined) return false;
  const action = actionOf(held.contract, 'type_changed', column);
  return action === 'reject_file' || action === 'reject_rows';
}

/**
 * The type that a column's cells are read as; undefined where neither the data nor a person has settled it. What the data
 * has holds, unless the agreed type is a wider one, or a narrower one that is to be kept.
 */
export function settledType(
  expectations: Expectations,
  name: string,
  inTable: ColumnType | undefined,
): ColumnType | undefined {
  const { contract: held } = expectations;
  const agreed = agreedOn(held?.contract, name)?.type;
  if (held === undefined || held.isInferred || agreed === undefined) return inTable;
  if (inTable === undefined) return agreed;
  if (!goTogether(inTable, agreed)) return inTable;
  return keepsType(expectations, name) ? agreed : widerType(inTable, agreed);
}

/** The agreed columns and those of the data beside them, with what cannot be chosen. */
export function effectiveContract(
  { contract, isInferred }: HeldContract,
  table: readonly TableColumn[],
): Contract {
  const inTable = new Map(table.map(({ name, type }) => [name, type]));
  const agreed = contract.columns.map((column) => {
    const type = inTable.get(column.name);
    if (type === undefined || (!isInferred && goTogether(type, column.type))) return column;
    // What was agreed of values of another type says nothing of these.
    return goTogether(type, column.type)
      ? { ...column, type }
      : { ...column, type, min: null, max: null, allowed: null };
  });
  const known = new Set(contract.columns.map(({ name }) => name));
  const added = table.filter(({ name }) => !known.has(name)).map(({ name, type }) => plainColumn(name, type));
  return { ...contract, columns: [...agreed, ...added] };
}

/** A column of which nothing but its type is agreed. */
export const plainColumn = (name: string, type: ColumnType): ContractColumn => ({
  name,
  synonyms: [],
  type,
  required: false,
  min: null,
  max: null,
  allowed: null,
  unique: false,
  rules: {},
});

/** Whether a rule of its own says what happens when a column of this role has no value. */
export function hasRuleOfItsOwn(expectations: Expectations, name: string): 'key' | 'target' | null {
  if (keyColumnsOf(expectations).includes(name)) return 'key';
  return expectations.target === name ? 'target' : null;
}
