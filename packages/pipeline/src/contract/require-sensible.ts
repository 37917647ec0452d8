import type { ColumnType, Contract, ContractColumn } from '@kaefer/contracts';
import { KaeferError } from '@kaefer/contracts/messages';
import { reservedColumns, type TableColumn } from '../lake/column-types.ts';
import { keyColumnsOf, type Expectations } from '../state/expectations.ts';
import { foldName } from '../understand/known-spelling.ts';
import { isOwnColumn } from '../understand/own-columns.ts';
import { goTogether } from './column-rules.ts';

/**
 * Whether files can be checked by a contract at all: it has every column of the data and of the project, with types that
 * the data can have, and each name belongs to one column.
 *
 * @throws KaeferError `contract_column_needed`, `contract_type_impossible`, `contract_name_twice`, `contract_name_reserved`,
 * `contract_range_impossible`, `contract_values_impossible`, `contract_freshness_impossible`
 */
export function requireSensibleContract(
  contract: Contract,
  expectations: Expectations,
  table: readonly TableColumn[],
): void {
  const settled = new Map<string, ColumnType>(table.map(({ name, type }) => [name, type]));
  for (const name of keyColumnsOf(expectations)) settled.set(name, 'text');
  const { target, date, task } = expectations;
  if (target !== null) settled.set(target, task === 'regression' ? 'number' : 'text');
  const given = new Map(contract.columns.map((column) => [column.name, column]));
  for (const column of [...settled.keys(), ...(date === null ? [] : [date])])
    if (!given.has(column)) throw new KaeferError('contract_column_needed', { column });
  requireNames(contract.columns);
  const isFixed = (name: string): boolean => name === target || keyColumnsOf(expectations).includes(name);
  for (const column of contract.columns) {
    const now = settled.get(column.name);
    if (now !== undefined && (isFixed(column.name) ? column.type !== now : !goTogether(column.type, now)))
      throw new KaeferError('contract_type_impossible', { column: column.name, now, wanted: column.type });
    requireRange(column);
    requireValues(column);
  }
  const fresh = contract.freshness === null ? undefined : contract.freshness.column;
  const freshType = fresh === undefined ? undefined : given.get(fresh)?.type;
  if (fresh !== undefined && freshType !== 'date' && freshType !== 'timestamp')
    throw new KaeferError('contract_freshness_impossible', { column: fresh });
}

function requireNames(columns: readonly ContractColumn[]): void {
  const owners = new Map<string, string>();
  const own = (folded: string, column: string, name: string): void => {
    const owner = owners.get(folded);
    if (owner !== undefined && owner !== column) throw new KaeferError('contract_name_twice', { name });
    owners.set(folded, column);
  };
  const exact = new Set<string>();
  for (const { name } of columns) {
    const lower = name.toLowerCase();
    if (exact.has(lower)) throw new KaeferError('contract_name_twice', { name });
    exact.add(lower);
    if (reservedColumns.has(lower) || isOwnColumn(name))
      throw new KaeferError('contract_name_reserved', { name });
  }
  // The data may have columns that differ in accents alone; other names may not be unclear in that way.
  for (const { name, synonyms } of columns)
    for (const synonym of synonyms) {
      if (isOwnColumn(synonym)) throw new KaeferError('contract_name_reserved', { name: synonym });
      own(foldName(synonym), name, synonym);
    }
  for (const { name } of columns) {
    const owner = owners.get(foldName(name));
    if (owner !== undefined && owner !== name) throw new KaeferError('contract_name_twice', { name });
  }
}

function requireRange({ name, type, min, max }: ContractColumn): void {
  const bounds = [min, max].filter((bound) => bound !== null);
  const isNumber = type === 'integer' || type === 'number';
  const fits = bounds.every((bound) =>
    typeof bound === 'number' ? isNumber : type === 'timestamp' || (type === 'date' && bound.length === 10),
  );
  const isOrdered =
    min === null ||
    max === null ||
    (typeof min === 'number' && typeof max === 'number'
      ? min <= max
      : Date.parse(String(min)) <= Date.parse(String(max)));
  if (!fits || !isOrdered) throw new KaeferError('contract_range_impossible', { column: name });
}

function requireValues({ name, type, allowed }: ContractColumn): void {
  const fits = (value: string): boolean =>
    type === 'text' ||
    (type === 'boolean' && (value === 'true' || value === 'false')) ||
    (type === 'integer' && /^-?(0|[1-9][0-9]{0,17})$/.test(value));
  const wrong = allowed?.find((value) => !fits(value));
  if (wrong !== undefined)
    throw new KaeferError('contract_values_impossible', { column: name, value: wrong.slice(0, 100) });
}
