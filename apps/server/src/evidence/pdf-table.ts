import type { Block, Cell } from './evidence-document.ts';
import { fonts, ink, type Column } from './pdf-look.ts';

type Table = Extract<Block, { kind: 'table' }>;

const size = 8;
const belowSize = 6.5;
const codeSize = 6;
const padding = { x: 6, y: 2.5 } as const;
/** More columns than this cannot be read across a page. */
const mostColumns = 12;

/** A table over the whole width; where it goes on on another page its head is repeated. A row stays on one page. */
export function drawTable(pdf: PDFKit.PDFDocument, table: Table, column: Column): void {
  for (const part of inReadableParts(table)) drawPart(pdf, part, column);
}

/** Columns that do not fit beside each other follow below, each part with the first column. */
function inReadableParts({ kind, head, rows }: Table): Table[] {
  if (head.length <= mostColumns) return [{ kind, head, rows }];
  const parts: Table[] = [];
  for (let start = 1; start < head.length; start += mostColumns - 1) {
    const pick = <T>(list: readonly T[]): T[] => [
      ...list.slice(0, 1),
      ...list.slice(start, start + mostColumns - 1),
    ];
    parts.push({ kind, head: pick(head), rows: rows.map(pick) });
  }
  return parts;
}

function drawPart(pdf: PDFKit.PDFDocument, { head, rows }: Table, { left, width, bottom }: Column): void {
  const heading = head.map((text): Cell => ({ text }));
  const widths = columnWidths(pdf, [heading, ...rows], width);
  const drawHead = (): void => drawRow(pdf, heading, widths, left, true);
  if (pdf.y + 2 * rowHeight(pdf, heading, widths, true) > bottom) pdf.addPage();
  drawHead();
  for (const row of rows) {
    if (pdf.y + rowHeight(pdf, row, widths, false) > bottom) {
      pdf.addPage();
      drawHead();
    }
    drawRow(pdf, row, widths, left, false);
  }
  pdf.x = left;
  pdf.y += 8;
}

function useFont(pdf: PDFKit.PDFDocument, { isCode }: Cell, isHead: boolean): void {
  pdf
    .font(isCode === true ? fonts.code : isHead ? fonts.bold : fonts.plain)
    .fontSize(isCode === true ? codeSize : size);
}

/** Every column gets what its widest cell asks for; where that is too much the widest give way. */
function columnWidths(pdf: PDFKit.PDFDocument, rows: readonly (readonly Cell[])[], width: number): number[] {
  const wishes = (rows[0] ?? []).map((_, place) =>
    rows.reduce((most, row, index) => {
      const cell = row[place];
      if (cell === undefined) return most;
      useFont(pdf, cell, index === 0);
      const own = pdf.widthOfString(cell.text);
      pdf.font(fonts.plain).fontSize(belowSize);
      const below = (cell.below ?? []).map((line) => pdf.widthOfString(line));
      return Math.max(most, own, ...below);
    }, 0),
  );
  const asked = wishes.map((wish) => wish + 2 * padding.x);
  const total = asked.reduce((sum, one) => sum + one, 0);
  if (total <= width) {
    // Figures stay near each other: what is left over goes to the last column.
    const spare = Math.min(24, (width - total) / Math.max(1, asked.length));
    return asked.map((one) => one + spare);
  }
  let share = width / asked.length;
  for (;;) {
    const fixed = asked.filter((one) => one <= share);
    const left = width - fixed.reduce((sum, one) => sum + one, 0);
    const next = left / Math.max(1, asked.length - fixed.length);
    if (next <= share + 0.01) return asked.map((one) => Math.min(one, share));
    share = next;
  }
}

function cellHeight(pdf: PDFKit.PDFDocument, cell: Cell, width: number, isHead: boolean): number {
  useFont(pdf, cell, isHead);
  const options = { width: width - 2 * padding.x };
  const own = cell.text === '' ? 0 : pdf.heightOfString(cell.text, options);
  pdf.font(fonts.plain).fontSize(belowSize);
  return (cell.below ?? []).reduce((sum, line) => sum + pdf.heightOfString(line, options), own);
}

function rowHeight(
  pdf: PDFKit.PDFDocument,
  row: readonly Cell[],
  widths: readonly number[],
  isHead: boolean,
): number {
  const heights = row.map((cell, place) => cellHeight(pdf, cell, widths[place] ?? 0, isHead));
  return Math.max(...heights, size) + 2 * padding.y;
}

function drawRow(
  pdf: PDFKit.PDFDocument,
  row: readonly Cell[],
  widths: readonly number[],
  left: number,
  isHead: boolean,
): void {
  const top = pdf.y;
  const height = rowHeight(pdf, row, widths, isHead);
  let x = left;
  row.forEach((cell, place) => {
    const own = widths[place] ?? 0;
    const options = { width: own - 2 * padding.x };
    useFont(pdf, cell, isHead);
    pdf
      .fillColor(isHead ? ink.quiet : ink.text)
      .text(cell.text, x + (place === 0 ? 0 : padding.x), top + padding.y, options);
    pdf.font(fonts.plain).fontSize(belowSize).fillColor(ink.quiet);
    for (const line of cell.below ?? []) pdf.text(line, options);
    x += own;
  });
  const bottom = top + height;
  pdf
    .moveTo(left, bottom)
    .lineTo(x, bottom)
    .lineWidth(isHead ? 0.8 : 0.4)
    .stroke(isHead ? ink.quiet : ink.faint);
  pdf.x = left;
  pdf.y = bottom;
}
