import type { ColumnType, ContractColumn } from '@kaefer/contracts';
import {
  actionOf,
  type Parameters,
  type RuleAction,
  type RuleName,
  type UploadProblemCode,
} from '@kaefer/contracts/messages';
import type { TableColumn } from '../lake/column-types.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import { agreedOn, goTogether, hasRuleOfItsOwn } from './column-rules.ts';
import type { Expectations } from '../state/expectations.ts';
import type { ColumnProfile } from './lake-profile.ts';

/** What a contract forbids in the cells of a column. */
export interface CellRule {
  readonly rule: RuleName;
  readonly code: UploadProblemCode;
  readonly column: string;
  readonly action: Exclude<RuleAction, 'ignore'>;
  /** Over the typed columns: the cell is at fault. */
  readonly sql: string;
  /** For the sentence, besides the column and the value. */
  readonly parameters: Parameters;
}

const shownValues = 8;
/** From fewer rows nobody knows the categories. */
const fewestRows = 50;

/**
 * The rules that decide about single cells of a file, but for those of its types.
 *
 * @param known what the data's columns hold
 */
export function cellRules(
  columns: readonly TableColumn[],
  expectations: Expectations,
  known: readonly ColumnProfile[],
): CellRule[] {
  const contract = expectations.contract?.contract;
  const profiles = new Map(known.map((profile) => [profile.name, profile]));
  return columns.flatMap(({ name, type }) => {
    const agreed = agreedOn(contract, name);
    const found: CellRule[] = [];
    const add = (
      rule: RuleName,
      code: UploadProblemCode,
      sql: string | undefined,
      parameters: Parameters = {},
    ): void => {
      const action = actionOf(contract, rule, name);
      if (sql !== undefined && action !== 'ignore')
        found.push({ rule, code, column: name, action, sql, parameters });
    };
    const own = hasRuleOfItsOwn(expectations, name);
    if (agreed?.required === true && own === null)
      add('missing_value', 'value_missing', `${quoteName(name)} IS NULL`);
    if (agreed !== undefined) {
      add('out_of_range', 'out_of_range', rangeSql(agreed, type), { range: rangeText(agreed) });
      add('not_allowed', 'value_not_allowed', allowedSql(agreed), {
        allowed: listText(agreed.allowed ?? []),
      });
    }
    const profile = profiles.get(name);
    if (own === null && agreed?.allowed == null && profile !== undefined && type === 'text')
      add('new_category', 'new_category', newCategorySql(profile));
    return found;
  });
}

function rangeSql({ name, type: agreed, min, max }: ContractColumn, type: ColumnType): string | undefined {
  if (!goTogether(agreed, type)) return undefined;
  const column = quoteName(name);
  const parts = [
    ...(min === null ? [] : [`${column} < ${boundSql(min, type)}`]),
    ...(max === null
      ? []
      : isDayOf(max, type)
        ? [`${column} >= ${boundSql(max, type)} + INTERVAL 1 DAY`] // the day as a whole may be
        : [`${column} > ${boundSql(max, type)}`]),
  ];
  return parts.length === 0 ? undefined : `coalesce(${parts.join(' OR ')}, false)`;
}

const isDayOf = (bound: number | string, type: ColumnType): boolean =>
  type === 'timestamp' && typeof bound === 'string' && bound.length === 10;

function boundSql(bound: number | string, type: ColumnType): string {
  if (typeof bound === 'number') return `${bound}::DOUBLE`;
  return type === 'date'
    ? `CAST(${quoteText(bound.slice(0, 10))} AS DATE)`
    : `CAST(${quoteText(bound)} AS TIMESTAMPTZ)`;
}

const rangeText = ({ min, max }: ContractColumn): string =>
  min === null ? `≤ ${max}` : max === null ? `≥ ${min}` : `${min} … ${max}`;

function allowedSql({ name, allowed }: ContractColumn): string | undefined {
  if (allowed === null) return undefined;
  return notAmongSql(name, allowed);
}

const notAmongSql = (name: string, values: readonly string[]): string =>
  `coalesce(${quoteName(name)}::VARCHAR NOT IN (${values.map(quoteText).join(', ')}), false)`;

/** Undefined for a column of names, numbers or free texts, and for one that the data has no value of. */
function newCategorySql({ name, type, cells, counts }: ColumnProfile): string | undefined {
  if (type !== 'text' || !('values' in cells) || !cells.isComplete || cells.values.length === 0)
    return undefined;
  const rows = counts.reduce((sum, count) => sum + count, 0);
  // Where the rows are few, or many of them have a value of their own, the next one has, too.
  return rows < fewestRows || cells.values.length * 2 > rows ? undefined : notAmongSql(name, cells.values);
}

const listText = (values: readonly string[]): string =>
  values.length > shownValues ? `${values.slice(0, shownValues).join(', ')}, …` : values.join(', ');
