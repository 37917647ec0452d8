/** Signs that are hard to tell apart on a screen, and the text that names each. */
export const signNames: Readonly<
  Record<string, 'comma' | 'semicolon' | 'tab' | 'pipe' | 'point' | 'space' | 'doubleQuote' | 'singleQuote'>
> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'pipe',
  '.': 'point',
  ' ': 'space',
  '"': 'doubleQuote',
  "'": 'singleQuote',
};
