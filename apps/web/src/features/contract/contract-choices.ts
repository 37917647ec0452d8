import {
  Contract,
  type ColumnType,
  type ContractColumn,
  type ContractState,
  type RuleAction,
  type RuleName,
} from '@kaefer/contracts';
import type { DecimalMark } from '../../i18n/format.ts';

/** What the form holds of a column; text is empty where nothing was typed. */
export interface ColumnChoices {
  readonly name: string;
  readonly synonyms: string;
  readonly type: ColumnType;
  readonly required: boolean;
  readonly min: string;
  readonly max: string;
  readonly allowed: string;
  readonly unique: boolean;
  readonly rules: ContractColumn['rules'];
}

export interface ContractChoices {
  readonly columns: readonly ColumnChoices[];
  readonly rules: Contract['rules'];
  readonly driftLimit: string;
  /** In per cent, as the next. */
  readonly nullsLimit: string;
  readonly smallFileShare: string;
  /** Empty: how old rows may be is not agreed. */
  readonly freshnessColumn: string;
  readonly freshnessDays: string;
  readonly rejectedRows: Contract['rejectedRows'];
  readonly note: string;
}

/** Between names or values in one field. */
const separator = ';';
const listText = (values: readonly string[] | null): string => (values ?? []).join(`${separator} `);
const listOf = (text: string): string[] => [
  ...new Set(
    text
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  ),
];
const percentOf = (share: number): number => Math.round(share * 10_000) / 100;

/** @param mark with which numbers are shown */
export function choicesOf(contract: Contract, mark: DecimalMark): ContractChoices {
  const shown = (value: number | string): string =>
    typeof value === 'number' ? String(value).replace('.', mark) : value;
  return {
    columns: contract.columns.map(({ synonyms, min, max, allowed, ...column }) => ({
      ...column,
      synonyms: listText(synonyms),
      min: min === null ? '' : shown(min),
      max: max === null ? '' : shown(max),
      allowed: listText(allowed),
    })),
    rules: contract.rules,
    driftLimit: shown(contract.driftLimit),
    nullsLimit: shown(percentOf(contract.nullsLimit)),
    smallFileShare: shown(percentOf(contract.smallFileShare)),
    freshnessColumn: contract.freshness?.column ?? '',
    freshnessDays: contract.freshness === null ? '' : shown(contract.freshness.days),
    rejectedRows: contract.rejectedRows,
    note: '',
  };
}

export type LimitName = 'driftLimit' | 'nullsLimit' | 'smallFileShare' | 'freshnessDays';

/** Where what was typed cannot be saved: a column's field, or a limit. */
export interface ContractProblem {
  readonly column?: string;
  readonly field: 'min' | 'max' | 'allowed' | LimitName;
}

const isNumeric = (type: ColumnType): boolean => type === 'integer' || type === 'number';
const isDated = (type: ColumnType): boolean => type === 'date' || type === 'timestamp';
export const hasRange = (type: ColumnType): boolean => isNumeric(type) || isDated(type);
export const hasValues = (type: ColumnType): boolean =>
  type === 'text' || type === 'integer' || type === 'boolean';

/**
 * A number as people write it in a language: 1.500 is a thousand and a half where the comma is the decimal mark. Where it can be
 * nothing else, the other language's mark is taken for it: 1.5.
 */
function numberOf(text: string, mark: DecimalMark): number | undefined {
  const typed = text.trim();
  const other = mark === ',' ? '.' : ',';
  const isGrouped = new RegExp(`^[+-]?[1-9]\\d{0,2}(\\${other}\\d{3})+(\\${mark}\\d*)?$`).test(typed);
  const plain = (isGrouped ? typed.replaceAll(other, '') : typed).replace(',', '.');
  return plain === '' || !Number.isFinite(Number(plain)) ? undefined : Number(plain);
}

/** undefined: what was typed is no bound of such a column. */
function boundOf(text: string, type: ColumnType, mark: DecimalMark): number | string | null | undefined {
  const typed = text.trim();
  if (typed === '' || !hasRange(type)) return null;
  return isNumeric(type) ? numberOf(typed, mark) : dateOf(typed);
}

function dateOf(text: string): string | undefined {
  const isDay = /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text));
  return isDay ? text : undefined;
}

/** What is to be saved, or what stands in the way. @param mark as for {@link choicesOf} */
export function contractFrom(
  choices: ContractChoices,
  mark: DecimalMark,
): { readonly contract: Contract } | { readonly problems: ContractProblem[] } {
  const problems: ContractProblem[] = [];
  const columns = choices.columns.map((column): ContractColumn => {
    const { name, type } = column;
    const [min, max] = [boundOf(column.min, type, mark), boundOf(column.max, type, mark)];
    if (min === undefined) problems.push({ column: name, field: 'min' });
    if (max === undefined || (min !== null && min !== undefined && max !== null && max < min))
      problems.push({ column: name, field: 'max' });
    const allowed = hasValues(type) ? listOf(column.allowed) : [];
    if (type === 'integer' && allowed.some((value) => !/^-?(0|[1-9]\d*)$/.test(value)))
      problems.push({ column: name, field: 'allowed' });
    if (type === 'boolean' && allowed.some((value) => value !== 'true' && value !== 'false'))
      problems.push({ column: name, field: 'allowed' });
    return {
      ...column,
      synonyms: listOf(column.synonyms),
      min: min ?? null,
      max: max ?? null,
      allowed: allowed.length === 0 ? null : allowed,
    };
  });
  const limit = (field: LimitName, least: number, most: number, divisor = 1): number => {
    const value = numberOf(choices[field], mark);
    if (value === undefined || value < least || value > most) problems.push({ field });
    return (value ?? 0) / divisor;
  };
  const fresh = choices.freshnessColumn;
  const contract = {
    columns,
    rules: choices.rules,
    driftLimit: limit('driftLimit', 0.001, 100),
    nullsLimit: limit('nullsLimit', 0.01, 100, 100),
    smallFileShare: limit('smallFileShare', 0, 100, 100),
    freshness: fresh === '' ? null : { column: fresh, days: limit('freshnessDays', 0.01, 36_500) },
    rejectedRows: choices.rejectedRows,
  };
  return problems.length === 0 ? { contract: Contract.parse(contract) } : { problems };
}

/** Whether saving would change anything. */
export function isChanged(before: Contract, now: Contract): boolean {
  return JSON.stringify(ordered(before)) !== JSON.stringify(ordered(now));
}

/** The same whatever the order of its keys. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, ordered(part)]),
  );
}

/** A choice among rules with one more or one less; undefined: as without a choice. */
export function withRule<Rules extends Partial<Record<RuleName, RuleAction | undefined>>>(
  rules: Rules,
  name: RuleName,
  action: RuleAction | undefined,
): Rules {
  const { [name]: _, ...others } = rules;
  return (action === undefined ? others : { ...others, [name]: action }) as Rules;
}

const families: readonly (readonly ColumnType[])[] = [
  ['integer', 'number'],
  ['date', 'timestamp'],
];

/** The types that a column may be given: what the data has leaves little choice, and key and target none. */
export function typesFor(
  { role, tableType }: ContractState['columns'][number],
  now: ColumnType,
): readonly ColumnType[] {
  if (role === 'key' || role === 'target') return [now];
  if (tableType === null) return ['text', 'integer', 'number', 'boolean', 'date', 'timestamp'];
  return families.find((family) => family.includes(tableType)) ?? [tableType];
}

/** How many columns, by name, differ between two versions; and whether anything else does. */
export function contractDifference(
  before: Contract,
  now: Contract,
): { readonly columns: string[]; readonly hasOther: boolean } {
  const known = new Map(before.columns.map((column) => [column.name, column]));
  const names = new Set(now.columns.map(({ name }) => name));
  const changed = now.columns.filter((column) => {
    const old = known.get(column.name);
    return old === undefined || JSON.stringify(ordered(old)) !== JSON.stringify(ordered(column));
  });
  const gone = before.columns.filter(({ name }) => !names.has(name));
  return {
    columns: [...changed, ...gone].map(({ name }) => name),
    hasOther: isChanged({ ...before, columns: [] }, { ...now, columns: [] }),
  };
}
