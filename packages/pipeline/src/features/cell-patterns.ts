/**
 * What a cell's text must look like to be read as a type; the same text serves as a regular expression in SQL
 * (RE2) and in JavaScript, matched against the whole cell. White space is written out, because the two mean different
 * things by `\s`; a zone needs seconds before it, because DuckDB reads no other.
 */
export const cellPatterns = {
  integer: '[ \\t\\r\\n\\f\\v]*[+-]?[0-9]{1,18}[ \\t\\r\\n\\f\\v]*',
  number: '[ \\t\\r\\n\\f\\v]*[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?[ \\t\\r\\n\\f\\v]*',
  date: '[ \\t\\r\\n\\f]*[0-9]{4}-[0-9]{2}-[0-9]{2}[ \\t\\r\\n\\f]*',
  timestamp:
    ' *[0-9]{4}-[0-9]{2}-[0-9]{2}([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6})?(Z|[+-]([01][0-9]|2[0-3])(:[0-5][0-9])?)?)?)? *',
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
