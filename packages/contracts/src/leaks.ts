/** What is found of a column that may be known only after the outcome: nothing is trained before a person has the say. */
const leakCodes: readonly string[] = ['repeats_target', 'follows_target', 'later_than_date'];

interface Finding {
  readonly code: string;
  readonly column?: string | null | undefined;
}
/** What a person has said of columns. */
interface Answers {
  readonly exclude: readonly string[];
  readonly confirmed: readonly string[];
}

/** Columns found to give the outcome away that a person has neither excluded nor confirmed. */
export function unansweredLeaks(problems: readonly Finding[], answers: Answers): string[] {
  return unanswered(problems, answers, leakCodes);
}

/** The same with columns that only count the rows: they are asked about, and do not keep a run from starting. */
export function unansweredColumns(problems: readonly Finding[], answers: Answers): string[] {
  return unanswered(problems, answers, [...leakCodes, 'counts_rows']);
}

function unanswered(
  problems: readonly Finding[],
  { exclude, confirmed }: Answers,
  codes: readonly string[],
): string[] {
  const found = problems.flatMap(({ code, column }) =>
    codes.includes(code) && typeof column === 'string' ? [column] : [],
  );
  return [...new Set(found)].filter((column) => !exclude.includes(column) && !confirmed.includes(column));
}
