import type { StoredProblem } from '@kaefer/contracts/messages';
import { reservedColumns } from '../lake/column-types.ts';
import { keyColumnsOf, type Expectations } from './report.ts';

const maxColumns = 4096;

/**
 * What is wrong with a file's column names; empty when a table can be made of them.
 *
 * @param given what the file itself calls the columns
 */
export function findNameProblems(
  names: readonly string[],
  given: readonly string[] = names,
): StoredProblem[] {
  if (names.length > maxColumns) {
    return [{ code: 'too_many_columns', parameters: { columns: names.length, limit: maxColumns }, count: 1 }];
  }
  const problems: StoredProblem[] = [];
  const times = new Map<string, number>();
  names.forEach((name, index) => {
    if (name === '')
      problems.push({ code: 'unnamed_column', parameters: { position: index + 1 }, line: 1, count: 1 });
    const folded = name.toLowerCase(); // DuckDB and Delta compare names without regard to case
    if (name !== '') times.set(folded, (times.get(folded) ?? 0) + 1);
    if (reservedColumns.has(folded))
      problems.push({
        code: 'reserved_column',
        parameters: { column: name },
        column: name,
        line: 1,
        count: 1,
      });
  });
  for (const name of names) {
    const count = times.get(name.toLowerCase()) ?? 0;
    if (count > 1) {
      const [first = name, second] = new Set(
        given.filter((_, index) => names[index]?.toLowerCase() === name.toLowerCase()),
      );
      if (second !== undefined && first.toLowerCase() !== second.toLowerCase())
        problems.push({
          code: 'column_named_twice',
          parameters: { column: name, first, second },
          column: name,
          line: 1,
          count,
        });
      else
        problems.push({
          code: 'duplicate_column',
          parameters: { column: name, times: count },
          column: name,
          line: 1,
          count,
        });
      times.set(name.toLowerCase(), 0);
    }
  }
  return problems;
}

/** The columns that a project cannot do without and that a file lacks. */
export function findMissingColumns(names: readonly string[], needed: Expectations): StoredProblem[] {
  const columns = names.length > 12 ? `${names.slice(0, 12).join(', ')}, …` : names.join(', ');
  const missing = (
    code: 'missing_target' | 'missing_key' | 'missing_date',
    column: string | null,
  ): StoredProblem[] =>
    column === null || names.includes(column)
      ? []
      : [{ code, parameters: { column, columns }, column, count: 1 }];
  return [
    ...missing('missing_target', needed.target),
    ...keyColumnsOf(needed).flatMap((column) => missing('missing_key', column)),
    ...missing('missing_date', needed.date),
  ];
}
