/** A name as SQL writes it: the one way a column's or relation's name enters a query. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text literal: the one way a path or another value enters a query that cannot take parameters. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name that none of the columns has, made from `start`. DuckDB compares names without case. */
export function unusedName(columns: readonly string[], start: string): string {
  const taken = new Set(columns.map((name) => name.toLowerCase()));
  let name = start;
  while (taken.has(name)) name += '_';
  return name;
}
