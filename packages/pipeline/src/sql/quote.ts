/** An identifier for SQL, whatever its characters; DuckDB doubles the quote. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string for SQL, whatever its characters. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
