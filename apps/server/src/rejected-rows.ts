import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { describeProblem, render, type Locale, type Sentence } from '@kaefer/contracts';
import { formatCell, readJson, type CheckReport, type RejectedRow } from '@kaefer/pipeline';

const headings: { readonly line: Sentence; readonly reason: Sentence } = {
  line: { en: 'line', 'pt-BR': 'linha' },
  reason: { en: 'reason', 'pt-BR': 'motivo' },
};

/** Rejected rows as CSV: the file's own columns, then the line and the reasons in the reader's language. */
export async function* rejectedRowsCsv(
  stored: Readable,
  reportPath: string,
  locale: Locale,
): AsyncGenerator<string> {
  const report = readJson<CheckReport>(reportPath);
  const delimiter = report?.dialect?.delimiter ?? ',';
  const row = (cells: readonly string[]): string =>
    `${cells.map((cell) => (cell.includes(delimiter) && delimiter !== ',' ? `"${cell.replaceAll('"', '""')}"` : formatCell(cell))).join(delimiter)}\n`;
  const names = report?.columns.map(({ name }) => name) ?? [];
  yield row([...names, headings.line[locale], headings.reason[locale]]);
  for await (const text of createInterface({ input: stored })) {
    const { line, cells, reasons } = JSON.parse(text) as RejectedRow;
    const told = reasons.map((reason) =>
      reason.column === undefined
        ? describeProblem(reason, locale)
        : render(
            { en: '{column}: {message}', 'pt-BR': '{column}: {message}' },
            { column: reason.column, message: describeProblem(reason, locale) },
            locale,
          ),
    );
    const padded = names.map((_, index) => cells[index] ?? '');
    yield row([...padded, String(line), told.join(' ')]);
  }
}
