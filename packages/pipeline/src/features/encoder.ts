import type { Cell, ColumnType, Feature, Task } from '@kaefer/contracts';
import { KaeferError } from '@kaefer/contracts/messages';
import { plainAgain } from '../lake/safe-cell.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import { notUnderstood, parseCell } from './parse-cell.ts';

/** A model's inputs in its order: everything that encoding needs. */
export type EncodedFeature = Pick<Feature, 'name' | 'type' | 'levels'>;

/** The label as a feature: its levels are the classes; none for regression. */
export function targetOf({
  task,
  target,
  classes,
}: {
  readonly task: Task;
  readonly target: string;
  readonly classes: readonly string[];
}): EncodedFeature {
  return task === 'regression'
    ? { name: target, type: 'number' }
    : { name: target, type: 'text', levels: [...classes] };
}

/**
 * Turns records into the float32 features of a model: numbers as they are, booleans as 0 and 1, dates as days since
 * 1970-01-01, texts as their code; NaN for missing and for texts that the model never saw. {@link featureSql} is
 * the same for tables; a test holds the two byte-equal.
 */
export class Encoder {
  readonly features: readonly EncodedFeature[];
  readonly #codes: readonly (ReadonlyMap<string, number> | undefined)[];

  constructor(features: readonly EncodedFeature[]) {
    this.features = features;
    this.#codes = features.map(({ levels }) =>
      levels === undefined ? undefined : new Map(levels.map((level, code) => [level, code])),
    );
  }

  /**
   * Encodes one record into `out`.
   *
   * @param row its number in the request, from 1, for error messages
   * @returns names of the columns whose text the model never saw
   * @throws KaeferError `column_never_seen` for a needed column that `given` lacks, `value_not_understood`
   */
  encode(
    record: Readonly<Record<string, Cell>>,
    given: ReadonlySet<string>,
    row: number,
    out: Float32Array,
  ): string[] {
    const unseen: string[] = [];
    this.features.forEach(({ name, type }, index) => {
      const cell = Object.hasOwn(record, name) ? record[name] : undefined;
      if (cell === undefined && !given.has(name))
        throw new KaeferError('column_never_seen', { column: name });
      // A text that the model has learned is that, also where files are read otherwise by now.
      const known = typeof cell === 'string' ? this.#codes[index]?.get(cell) : undefined;
      if (known !== undefined) {
        out[index] = known;
        return;
      }
      const value = parseCell(type, cell);
      if (value === notUnderstood)
        throw new KaeferError('value_not_understood', {
          row,
          column: name,
          value: String(cell).slice(0, 100),
          type,
        });
      if (typeof value === 'string') {
        // As Käfer gives out what a spreadsheet program would take for a formula.
        const code = this.#codes[index]?.get(value) ?? this.#codes[index]?.get(plainAgain(value));
        if (code === undefined) unseen.push(name);
        out[index] = code ?? Number.NaN;
      } else {
        const single = Math.fround(value ?? Number.NaN);
        out[index] = Number.isFinite(single) ? single : Number.NaN;
      }
    });
    return unseen;
  }
}

/** Name of the SQL type that holds a column's codes; see {@link createCodesSql}. */
function codesType(name: string, levels: number): string {
  return quoteName(`codes ${levels} ${name}`);
}

/** Statements to run once on a connection before {@link featureSql} is used on it. */
export function createCodesSql(features: readonly EncodedFeature[]): string[] {
  return features.flatMap(({ name, levels }) =>
    levels === undefined || levels.length === 0
      ? []
      : [
          `DROP TYPE IF EXISTS ${codesType(name, levels.length)}`,
          `CREATE TYPE ${codesType(name, levels.length)} AS ENUM (${levels.map(quoteText).join(', ')})`,
        ],
  );
}

/** SQL of a feature's float32 value over a row of the table; NaN when missing. */
export function featureSql({ name, type, levels }: EncodedFeature): string {
  return `coalesce(${valueSql(quoteName(name), name, type, levels)}, 'nan'::FLOAT)`;
}

function valueSql(
  column: string,
  name: string,
  type: ColumnType,
  levels: readonly string[] | undefined,
): string {
  switch (type) {
    case 'integer':
    case 'number':
      return `TRY_CAST(${column}::DOUBLE AS FLOAT)`;
    case 'boolean':
      return `${column}::INTEGER::FLOAT`;
    case 'date':
      return `(${column} - DATE '1970-01-01')::FLOAT`;
    case 'timestamp':
      return `(epoch_us(${column}) / 86400000000.0)::DOUBLE::FLOAT`;
    case 'text':
      return levels === undefined || levels.length === 0
        ? 'NULL::FLOAT'
        : `enum_code(TRY_CAST(${column} AS ${codesType(name, levels.length)}))::FLOAT`;
  }
}

/** SQL that tells whether a text is one that the codes do not hold. */
export function isUnseenSql({ name, type, levels }: EncodedFeature): string {
  if (type !== 'text') return 'false';
  const column = quoteName(name);
  if (levels === undefined || levels.length === 0) return `${column} IS NOT NULL`;
  return `(${column} IS NOT NULL AND TRY_CAST(${column} AS ${codesType(name, levels.length)}) IS NULL)`;
}
