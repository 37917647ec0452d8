import type { DuckDBConnection } from '@duckdb/node-api';
import type { Contract, ContractColumn } from '@kaefer/contracts';
import { contractDefaults } from '@kaefer/contracts/messages';
import { rejectedColumn, type TableColumn } from '../lake/column-types.ts';
import { oneRow, toCount } from '../sql/connection.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import { keyColumnsOf, type Expectations } from '../state/expectations.ts';
import { plainColumn } from './column-rules.ts';

/** From fewer values no range is inferred. */
const fewestValues = 100;

/** The contract of a project of which only its columns are known. */
export function contractOf(columns: readonly TableColumn[], expectations: Expectations): Contract {
  const needed = new Set([expectations.target, ...keyColumnsOf(expectations)]);
  return {
    columns: columns.map(({ name, type }) => ({ ...plainColumn(name, type), required: needed.has(name) })),
    rules: {},
    freshness: null,
    ...contractDefaults,
  };
}

/**
 * The contract that a first file suggests: its names and types, the key and the target required, and for numbers the range
 * that the file has, widened by its own width on either side. That finds values in another unit and stand-ins such as
 * 9999, and leaves alone what a larger file has at its ends. Dates move on, and categories are known from the data.
 */
export async function inferContract(
  connection: DuckDBConnection,
  stagedPath: string,
  columns: readonly TableColumn[],
  expectations: Expectations,
): Promise<Contract> {
  const plain = contractOf(columns, expectations);
  const keys = keyColumnsOf(expectations);
  const measured = columns.filter(
    ({ name, type }) =>
      (type === 'integer' || type === 'number') && !keys.includes(name) && name !== expectations.target,
  );
  if (measured.length === 0) return plain;
  const seen = await oneRow(
    connection,
    `SELECT ${measured.map(({ name }, index) => `count(${quoteName(name)}) AS n${index}, min(${quoteName(name)})::DOUBLE AS low${index}, max(${quoteName(name)})::DOUBLE AS high${index}`).join(', ')} ` +
      `FROM read_parquet(${quoteText(stagedPath)}) WHERE NOT ${rejectedColumn}`,
  );
  const ranges = new Map(
    measured.flatMap(({ name }, index) => {
      if (toCount(seen[`n${index}`]) < fewestValues) return [];
      const [low, high] = [Number(seen[`low${index}`]), Number(seen[`high${index}`])];
      return low < high ? [[name, widened(low, high)] as const] : [];
    }),
  );
  return {
    ...plain,
    columns: plain.columns.map((column): ContractColumn => ({ ...column, ...ranges.get(column.name) })),
  };
}

/** Rounded outwards, to be read; a range of numbers that are not negative does not become so. */
function widened(low: number, high: number): { min: number; max: number } {
  const width = high - low;
  const step = 10 ** (Math.floor(Math.log10(width)) - 1);
  const down = Math.floor((low - width) / step) * step;
  const up = Math.ceil((high + width) / step) * step;
  const clean = (value: number): number => Number(value.toPrecision(12));
  return { min: low >= 0 ? Math.max(0, clean(down)) : clean(down), max: clean(up) };
}
