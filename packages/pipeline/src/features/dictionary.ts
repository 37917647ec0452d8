/**
 * The codes of a project's texts: the position of a value in its column's list is its code. Lists only ever grow
 * at their end, so that a model of any age reads the codes that it was trained with.
 */
export interface Dictionary {
  readonly columns: Readonly<Record<string, readonly string[]>>;
}

export const emptyDictionary: Dictionary = { columns: {} };

/** The dictionary with the values it lacks appended, in text order, so that the same data gives the same codes. */
export function growDictionary(
  dictionary: Dictionary,
  seen: Readonly<Record<string, readonly string[]>>,
): Dictionary {
  const columns = new Map(Object.entries(dictionary.columns));
  for (const [column, values] of Object.entries(seen)) {
    const known = columns.get(column) ?? [];
    const codes = new Set(known);
    const added = [...new Set(values)].filter((value) => !codes.has(value)).sort(byCodeUnits);
    columns.set(column, added.length === 0 ? known : [...known, ...added]);
  }
  return { columns: Object.fromEntries(columns) };
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
