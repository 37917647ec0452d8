import { closeSync, openSync, readSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { describeProblem, render, type Dialect, type Locale, type StoredProblem } from '@kaefer/contracts';
import {
  formatCell,
  ownColumns,
  readJson,
  safeCell,
  type CheckReport,
  type RejectedRow,
  type UploadFolder,
  encodeIbm850,
} from '@kaefer/pipeline';

const lineEnds: Readonly<Record<string, string>> = { CRLF: '\r\n', LF: '\n', CR: '\r' };

/**
 * Rejected rows as CSV, written as the file itself was: its own names for its columns, its delimiter, encoding and line ends;
 * then the line and the reasons in the reader's language. Corrected and sent again, the last two columns are left aside, and
 * cells that a spreadsheet program would carry out are again as they were.
 */
export async function* rejectedRowsCsv(
  stored: Readable,
  { report: reportPath, file }: Pick<UploadFolder, 'report' | 'file'>,
  locale: Locale,
): AsyncGenerator<Uint8Array> {
  const report = readJson<CheckReport>(reportPath);
  const dialect = report?.dialect ?? undefined;
  const { delimiter = ',', lineEnd = 'LF' } = dialect ?? {};
  const encode = encoderOf(dialect, file);
  const end = lineEnds[lineEnd] ?? '\n';
  const row = (cells: readonly string[]): Uint8Array =>
    encode(`${cells.map((cell) => formatCell(safeCell(cell), delimiter)).join(delimiter)}${end}`);
  const names = report?.columns.map(({ name, givenAs }) => givenAs ?? name) ?? [];
  yield encode.start;
  yield row([...names, ownColumns.line[locale], ownColumns.reason[locale]]);
  for await (const text of createInterface({ input: stored })) {
    const { line, cells, reasons } = JSON.parse(text) as RejectedRow;
    const told = reasons.map((reason) => sentenceOf(reason, locale));
    const padded = names.map((_, index) => cells[index] ?? '');
    yield row([...padded, String(line), told.join(' ')]);
  }
}

function sentenceOf(reason: StoredProblem, locale: Locale): string {
  const message = describeProblem(reason, locale);
  return reason.column === undefined
    ? message
    : render(
        { en: '{column}: {message}', 'pt-BR': '{column}: {message}' },
        { column: reason.column, message },
        locale,
      );
}

type Encoder = ((text: string) => Uint8Array) & { readonly start: Uint8Array };

/** Writes text as a file was encoded, with its mark at the start where it had one. */
function encoderOf(dialect: Dialect | undefined, file: string): Encoder {
  const none = new Uint8Array();
  switch (dialect?.container === undefined ? dialect?.encoding : 'utf-8') {
    case 'windows-1252':
      return Object.assign(windows1252, { start: none });
    case 'ibm850':
      return Object.assign(encodeIbm850, { start: none });
    case 'utf-16le':
      return Object.assign((text: string) => Buffer.from(text, 'utf16le'), {
        start: Buffer.from([0xff, 0xfe]),
      });
    case 'utf-16be':
      return Object.assign((text: string) => Buffer.from(text, 'utf16le').swap16(), {
        start: Buffer.from([0xfe, 0xff]),
      });
    default: {
      // Who sent a workbook opens the rows in the same program, which knows UTF-8 by its mark alone.
      const hasMark = dialect?.container === 'workbook' || beginsWithMark(file);
      return Object.assign((text: string) => Buffer.from(text, 'utf8'), {
        start: hasMark ? Buffer.from([0xef, 0xbb, 0xbf]) : none,
      });
    }
  }
}

// Read as a stream, as files are: in one piece Node 20 takes the bytes 0x80 to 0x9f for Latin-1's.
const bytesOfWindows1252 = new Map(
  Array.from({ length: 256 }, (_, byte) => [
    new TextDecoder('windows-1252').decode(Uint8Array.of(byte), { stream: true }),
    byte,
  ]),
);

/** What is in the file can be written so; of a reason the odd character may not. */
function windows1252(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => bytesOfWindows1252.get(character) ?? 0x3f);
}

function beginsWithMark(path: string): boolean {
  const bytes = Buffer.alloc(3);
  const descriptor = openSync(path, 'r');
  try {
    return readSync(descriptor, bytes, 0, 3, 0) === 3 && bytes.equals(Buffer.from([0xef, 0xbb, 0xbf]));
  } finally {
    closeSync(descriptor);
  }
}
