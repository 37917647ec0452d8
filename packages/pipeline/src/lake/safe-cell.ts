import { quoteText } from '../sql/quote.ts';

/** A text that a spreadsheet program would take for a formula, or one that got its apostrophe from {@link safeCell}. */
const dangerous = "^'*[=+@\\t\\r-]";
/** What begins like a formula and is a number, or the sign for a missing value: programs read it as what it is. */
const harmless = '^[+-]?([0-9][0-9.,]*|[.,][0-9]+)([eE][+-]?[0-9]{1,3})?$|^-$';
/** What {@link safeCell} gives for a dangerous text. */
const guarded = "^'+[=+@\\t\\r-]";

const patterns = {
  dangerous: new RegExp(dangerous),
  harmless: new RegExp(harmless),
  guarded: new RegExp(guarded),
};

/**
 * A cell of a file that people open in a spreadsheet program: one that the program would carry out as a formula gets an
 * apostrophe before it. Numbers stay as they are. {@link plainAgain} takes it away; texts with apostrophes before such a
 * sign get one more, so that no two texts become one.
 */
export function safeCell(text: string): string {
  return patterns.dangerous.test(text) && !patterns.harmless.test(text) ? `'${text}` : text;
}

export function plainAgain(text: string): string {
  return patterns.guarded.test(text) ? text.slice(1) : text;
}

/** SQL that tells a text that {@link safeCell} changes. */
export function isDangerousSql(text: string): string {
  return `(regexp_matches(${text}, ${quoteText(dangerous)}) AND NOT regexp_matches(${text}, ${quoteText(harmless)}))`;
}

/** SQL that tells a text which may have been changed by {@link safeCell}. */
export function isGuardedSql(text: string): string {
  return `(starts_with(${text}, '''') AND regexp_matches(${text}, ${quoteText(guarded)}))`;
}

/** Of an export: `safe` for people, by {@link safeCell}; `exact` for programs, which want the very texts. */
export type CellSafety = 'safe' | 'exact';

/** SQL that does the same to a text. */
export function safeCellSql(text: string): string {
  return `(CASE WHEN ${isDangerousSql(text)} THEN '''' || ${text} ELSE ${text} END)`;
}

export function plainAgainSql(text: string): string {
  return `(CASE WHEN ${isGuardedSql(text)} THEN substr(${text}, 2) ELSE ${text} END)`;
}
