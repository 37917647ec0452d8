import type { DuckDBConnection } from '@duckdb/node-api';
import type { Contract } from '@kaefer/contracts';
import { actionOf, contractDefaults, type StoredProblem } from '@kaefer/contracts/messages';
import { featureDrift } from '@kaefer/metrics';
import type { TableColumn } from '../lake/column-types.ts';
import { keyColumnsOf, type Expectations } from '../state/expectations.ts';
import { countCells, type ColumnProfile, type LakeProfile } from './lake-profile.ts';

/** Fewer rows on either side tell nothing of how values are spread. */
const fewestRows = 50;
/** What a standard normal variable exceeds once in 10,000 times: a difference that chance brings about more often is none. */
const rarely = 3.719016485455709;

/**
 * How the columns of a file are spread, against those of the lake: the population stability index of each, and the share of
 * its missing values. Neither is told where chance alone may be the reason. Dates move on by nature and are left out.
 *
 * @param relation rows of the file, all or a sample of them
 */
export async function compareWithLake(
  connection: DuckDBConnection,
  relation: string,
  columns: readonly TableColumn[],
  expectations: Expectations,
  profile: LakeProfile,
): Promise<StoredProblem[]> {
  const contract = expectations.contract?.contract;
  const keys = keyColumnsOf(expectations);
  const known = new Map(profile.columns.map((column) => [column.name, column]));
  const compared = columns.flatMap(({ name, type }) => {
    const before = known.get(name);
    return before === undefined || keys.includes(name) || !isCompared(contract, name)
      ? []
      : [{ name, type, cells: before.cells, before }];
  });
  const now = await countCells(connection, relation, compared);
  return compared.flatMap(({ before }, index) => {
    const after = now[index] as ColumnProfile;
    return [...nullsRising(before, after, contract), ...drifted(before, after, contract)];
  });
}

const isCompared = (contract: Contract | undefined, name: string): boolean =>
  actionOf(contract, 'drift', name) !== 'ignore' || actionOf(contract, 'nulls_rising', name) !== 'ignore';

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

function drifted(
  before: ColumnProfile,
  after: ColumnProfile,
  contract: Contract | undefined,
): StoredProblem[] {
  const { name, type } = before;
  const limit = (contract ?? contractDefaults).driftLimit;
  const [rowsBefore, rowsAfter] = [sum(before.counts), sum(after.counts)];
  if (type === 'date' || type === 'timestamp') return [];
  if (rowsBefore < fewestRows || rowsAfter < fewestRows || namesRows(before, rowsBefore)) return [];
  const cells = before.counts.filter((count, index) => count > 0 || (after.counts[index] ?? 0) > 0).length;
  const { stabilityIndex } = featureDrift(before.counts, after.counts);
  const byChance = (1 / rowsBefore + 1 / rowsAfter) * chiSquareQuantile(Math.max(1, cells - 1));
  if (stabilityIndex <= Math.max(limit, byChance)) return [];
  const parameters = { column: name, index: rounded(stabilityIndex), limit };
  return [{ code: 'drifted', parameters, column: name, count: 1 }];
}

/** Where many rows have a text of their own, those of other rows are others. */
const namesRows = ({ cells }: ColumnProfile, rows: number): boolean =>
  'values' in cells && cells.values.length * 2 > rows;

/**
 * What a chi-square variable exceeds as seldom as a normal one {@link rarely} (Wilson & Hilferty, 1931). Without drift the index
 * over 1/n + 1/m is nearly such a variable (Yurdakul & Naranjo, 2020).
 */
function chiSquareQuantile(degrees: number): number {
  const spread = 2 / (9 * degrees);
  return degrees * (1 - spread + rarely * Math.sqrt(spread)) ** 3;
}

function nullsRising(
  before: ColumnProfile,
  after: ColumnProfile,
  contract: Contract | undefined,
): StoredProblem[] {
  const limit = (contract ?? contractDefaults).nullsLimit;
  const [rowsBefore, rowsAfter] = [sum(before.counts) + before.missing, sum(after.counts) + after.missing];
  if (rowsBefore < fewestRows || rowsAfter < fewestRows) return [];
  const [p, q] = [before.missing / rowsBefore, after.missing / rowsAfter];
  const both = (before.missing + after.missing) / (rowsBefore + rowsAfter);
  const error = Math.sqrt(both * (1 - both) * (1 / rowsBefore + 1 / rowsAfter));
  if (q - p <= limit || q - p <= error * rarely) return [];
  const parameters = { column: before.name, before: percent(p), now: percent(q) };
  return [{ code: 'nulls_rising', parameters, column: before.name, count: after.missing }];
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
const percent = (share: number): string => `${Math.round(share * 100)} %`;
