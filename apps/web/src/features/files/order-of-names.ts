/** In the order in which a person would read the names: `part 2` before `part 10`, `2026-01` before `2026-02`. */
export function inOrderOfNames<T extends { readonly name: string }>(files: readonly T[]): T[] {
  const { compare } = new Intl.Collator('en', { numeric: true });
  return [...files].sort((a, b) => compare(a.name, b.name));
}
