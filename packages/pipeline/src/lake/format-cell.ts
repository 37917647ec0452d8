/** A cell of a CSV file: quoted only when it must be. */
export function formatCell(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
