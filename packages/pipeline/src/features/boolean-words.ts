/** Words, in small letters, that mean true or false to anyone. */
const words: Readonly<Record<string, boolean>> = {
  true: true,
  false: false,
  verdadeiro: true,
  falso: false,
  sim: true,
  não: false,
  nao: false,
  yes: true,
  no: false,
  on: true,
  off: false,
};

/** Letters that do so in a column of their like. */
const letters: Readonly<Record<string, boolean>> = { s: true, y: true, v: true, n: false, f: false };

/** Letters that go together: sim and não, yes and no, verdadeiro and falso. */
export const letterPairs = ['sn', 'yn', 'vf'] as const;

/** What every cell of a new column has to be one of for the column to be boolean. */
const families: readonly (readonly string[])[] = [
  ['true', 'false', 'verdadeiro', 'falso'],
  ['verdadeiro', 'falso', 'v', 'f'],
  ['sim', 'não', 'nao', 's', 'n'],
  ['yes', 'no', 'y', 'n'],
  ['on', 'off'],
];

/** What a word means, in small letters or capitals; undefined when it is neither. */
export function booleanOf(text: string): boolean | undefined {
  // What DuckDB's `lower` makes of it: JavaScript would keep the dot.
  const word = text.replaceAll('İ', 'i').toLowerCase();
  if (Object.hasOwn(words, word)) return words[word];
  return Object.hasOwn(letters, word) ? letters[word] : undefined;
}

/** All words that are read, those of a letter only where it is one of `allowed`. Default: all letters */
export function booleanWords(allowed = Object.keys(letters).join('')): [word: string, value: boolean][] {
  return [
    ...Object.entries(words),
    ...Object.entries(letters).filter(([letter]) => allowed.includes(letter)),
  ];
}

/**
 * Whether a column of just these words, in small letters, is one of truths: they are of one language and both answers are
 * among them. F alone may be a gender; true and false are nothing else, also alone.
 */
export function areOneAnswer(seen: readonly string[]): boolean {
  const [truths = []] = families;
  if (seen.every((word) => truths.includes(word))) return true;
  const isOfOne = families.some((family) => seen.every((word) => family.includes(word)));
  return isOfOne && new Set(seen.map((word) => booleanOf(word))).size === 2;
}
