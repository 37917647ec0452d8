/** A cell of a CSV file: quoted only when it must be, or when a program that expects commas would cut it. */
export function formatCell(text: string, delimiter = ','): string {
  return /["\n\r]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
}
