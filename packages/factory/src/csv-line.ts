/** A record of RFC 4180 with its CRLF; a missing value is an empty field. */
export const csvLine = (cells: readonly (string | number | null)[]): string =>
  `${cells.map(csvField).join(',')}\r\n`;

function csvField(value: string | number | null): string {
  if (value === null) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
