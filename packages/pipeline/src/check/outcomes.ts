import type { DuckDBConnection } from '@duckdb/node-api';
import type { StoredProblem } from '@kaefer/contracts/messages';
import { rejectedColumn } from '../lake/column-types.ts';
import { allRows, toCount } from '../sql/connection.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import type { Expectations } from './report.ts';

const maxClasses = 1000;

/** Words that name the outcome a project is about, in the languages of its users. */
const positiveWords = new Set([
  '1',
  'true',
  'yes',
  'y',
  'sim',
  's',
  'fail',
  'failed',
  'failure',
  'falha',
  'nok',
  'bad',
  'defect',
  'defeito',
  'positive',
  'positivo',
  'verdadeiro',
  'churn',
  'reprovado',
]);

export interface Outcome {
  readonly value: string;
  readonly count: number;
}

/** The outcomes in the staged rows, most frequent first. */
export async function readOutcomes(
  connection: DuckDBConnection,
  stagedPath: string,
  target: string,
): Promise<Outcome[]> {
  const rows = await allRows(
    connection,
    `SELECT ${quoteName(target)} AS value, count(*) AS n FROM read_parquet(${quoteText(stagedPath)}) WHERE NOT ${rejectedColumn} ` +
      `GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${maxClasses + 1}`,
  );
  return rows.map((row) => ({ value: String(row['value']), count: toCount(row['n']) }));
}

/** The outcome that a score should be the probability of: the one that a word names, else the rarer one. */
export function suggestPositive(outcomes: readonly Outcome[]): string | null {
  const named = outcomes.filter(({ value }) => positiveWords.has(value.trim().toLowerCase()));
  if (named.length === 1 && named[0] !== undefined) return named[0].value;
  return (
    outcomes.reduce<Outcome | undefined>(
      (rarest, outcome) => (rarest === undefined || outcome.count < rarest.count ? outcome : rarest),
      undefined,
    )?.value ?? null
  );
}

/** The project's outcomes after this file, in their lasting order, and what speaks against them. */
export function resolveClasses(
  outcomes: readonly Outcome[],
  expectations: Expectations,
): { classes: string[]; problems: StoredProblem[] } {
  const column = expectations.target;
  if (column === null || expectations.task === 'regression' || outcomes.length === 0)
    return { classes: [...expectations.classes], problems: [] };
  const values = outcomes.map(({ value }) => value);
  const problems: StoredProblem[] = [];
  const [only] = values;
  if (values.length === 1 && only !== undefined) {
    problems.push({
      code: 'target_constant',
      parameters: { column, value: only },
      column,
      value: only,
      count: outcomes[0]?.count ?? 0,
    });
  }
  if (expectations.task === 'multiclass') {
    const known = new Set(expectations.classes);
    const added = values.filter((value) => !known.has(value)).sort();
    return { classes: [...expectations.classes, ...added], problems };
  }
  if (expectations.classes.length === 2) return { classes: [...expectations.classes], problems };
  const all = [...new Set([...expectations.classes, ...values])];
  if (all.length > 2) {
    return {
      classes: [],
      problems: [
        {
          code: 'target_not_binary',
          parameters: { column, classes: all.length > maxClasses ? `${maxClasses}+` : all.length },
          column,
          count: 1,
        },
      ],
    };
  }
  const positive = expectations.positive ?? suggestPositive(outcomes);
  if (all.length === 2 && positive !== null && !all.includes(positive)) {
    return {
      classes: [],
      problems: [
        {
          code: 'positive_not_found',
          parameters: { positive, column, classes: all.join(', ') },
          column,
          count: 1,
        },
      ],
    };
  }
  const negative = all.find((value) => value !== positive);
  return { classes: negative === undefined || positive === null ? all : [negative, positive], problems };
}
