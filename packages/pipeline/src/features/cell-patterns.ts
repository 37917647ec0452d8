/**
 * What a cell's text must look like to be read as a type; the same text serves as a regular expression in SQL
 * (RE2) and in JavaScript, matched against the whole cell.
 */
export const cellPatterns = {
  integer: '\\s*[+-]?[0-9]{1,18}\\s*',
  number: '\\s*[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,3})?\\s*',
  date: '\\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\\s*',
  timestamp:
    '\\s*[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}(:[0-9]{2})?)?)?\\s*',
} as const;

/** Texts, in capitals, that stand for a missing value in every column that is not text. */
export const missingMarkers = ['', 'NA', 'N/A', 'NAN', 'NULL', 'NONE', '-', '#N/A', '#N/D'] as const;
