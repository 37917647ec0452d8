const seconds = '(:[0-5][0-9](\\.[0-9]{1,9})?)?';
const clock24 = `([01]?[0-9]|2[0-3]):[0-5][0-9]${seconds}`;
/** Between a time and its half of the day JavaScript writes a narrow no-break space. */
const halfOfDay = '[ \u00a0\u202f]?[AaPp]\\.? ?[Mm]\\.?';
const clock12 = `(0?[1-9]|1[0-2]):[0-5][0-9]${seconds}${halfOfDay}`;
const offset = ' ?(Z|z|UTC|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)';

/** What may follow a day: a time of 24 hours or of twice 12, and how far it is from UTC. */
export const clock = `((,? |T)(${clock24}|${clock12})(${offset})?)?`;

/** The part of a time that says how far it is from UTC, at the end of a cell; not the end of a day such as 2026-12-23. */
export const endsWithOffset = ':.*(Z|z|UTC|[+-][0-9]{2}(:?[0-9]{2})?)[ \\t\\r\\n\\f]*$';

/**
 * What a cell's text must look like to be read as a type; the same text serves as a regular expression in SQL
 * (RE2) and in JavaScript, matched against the whole cell. White space is written out, because the two mean different
 * things by `\s`.
 */
export const cellPatterns = {
  integer: '[ \\t\\r\\n\\f\\v]*[+-]?[0-9]{1,18}[ \\t\\r\\n\\f\\v]*',
  number: '[ \\t\\r\\n\\f\\v]*[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?[ \\t\\r\\n\\f\\v]*',
  date: '[ \\t\\r\\n\\f]*[0-9]{4}-[0-9]{2}-[0-9]{2}[ \\t\\r\\n\\f]*',
  timestamp: ` *[0-9]{4}-[0-9]{2}-[0-9]{2}${clock} *`,
} as const;

/**
 * A whole number of so many digits that a double may not tell it from its neighbour (2^53 has 16), given as a plain cell.
 */
export const manyDigits = '[ \\t\\r\\n\\f\\v]*[+-]?[0-9]{16,}\\.?0*[ \\t\\r\\n\\f\\v]*';

/** Texts, in capitals, that stand for a missing value in every column that is not text; see {@link missingInTexts} for those. */
export const missingMarkers = [
  '',
  'NA',
  'N/A',
  'NAN',
  'NULL',
  'NONE',
  '-',
  '#N/A',
  '#N/D',
  '#DIV/0!',
] as const;

/**
 * Texts, spelled just so, that stand for a missing value in every column, texts, keys and outcomes among them. What may be a word
 * of a language or an answer (NA, N/A, None, -) stays a text there.
 */
export const missingInTexts = ['', 'NULL', 'null', 'NaN', '#N/A', '#N/D', '#DIV/0!'] as const;
