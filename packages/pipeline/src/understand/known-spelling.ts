/** A name without regard to case, accents and blanks around it. */
export function foldName(name: string): string {
  return name.trim().normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** For each column the other names that files have for it. */
export type Synonyms = ReadonlyMap<string, readonly string[]>;

/**
 * The file's names in the spelling that the project knows them by. Case does not tell columns apart. A name that is
 * no column's own may be one but for its accents, or one of its synonyms, also without regard to case and accents; where
 * that fits two columns it stays as it is.
 */
export function knownSpelling(
  names: readonly string[],
  known: readonly string[],
  synonyms: Synonyms = new Map(),
): string[] {
  const byCase = new Map(known.map((name) => [name.toLowerCase(), name]));
  const own = names.map((name) => byCase.get(name.toLowerCase()));
  const taken = new Set(own);
  const byFold = new Map<string, string | null>();
  const add = (other: string, name: string): void => {
    const folded = foldName(other);
    const before = byFold.get(folded);
    byFold.set(folded, before === undefined || before === name ? name : null);
  };
  for (const name of known) if (!taken.has(name)) add(name, name);
  // A synonym says what is meant, so a file with both is found to name a column twice.
  for (const [name, others] of synonyms) for (const other of others) add(other, name);
  return names.map((name, index) => own[index] ?? byFold.get(foldName(name)) ?? name);
}
