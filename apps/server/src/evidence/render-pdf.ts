import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import type { Block, EvidenceDocument } from './evidence-document.ts';
import { fonts, ink, type Column } from './pdf-look.ts';
import { drawPlots } from './pdf-plot.ts';
import { drawTable } from './pdf-table.ts';

/** Letters for every language written in Latin, Greek or Cyrillic, and signs; the PDF holds those that it uses. */
const fontFolder = 'dejavu-fonts-ttf/ttf';
const resolve = createRequire(import.meta.url).resolve;
const fontFile = (name: string): string => resolve(`${fontFolder}/${name}.ttf`);

const margin = 48;
const sizes = { title: 16, section: 12, heading: 10, lead: 11, text: 9, small: 7 } as const;

/** Points that are free on a page below its content, for the page's number. */
const footer = 24;

/**
 * Evidence as a PDF of A4 pages, its fonts embedded, its plots drawn as lines.
 *
 * @param at what the file says of when it was made, ISO 8601: the same content at the same time gives the same bytes
 */
export async function renderPdf(
  { language, title, tag, sections }: EvidenceDocument,
  at: string,
): Promise<Buffer> {
  const pdf = new PDFDocument({
    size: 'A4',
    margins: { top: margin, left: margin, right: margin, bottom: margin + footer },
    bufferPages: true,
    lang: language,
    displayTitle: true,
    pdfVersion: '1.7',
    info: {
      Title: title,
      Creator: 'Käfer',
      Producer: 'Käfer',
      CreationDate: new Date(at),
      ModDate: new Date(at),
    },
  });
  const chunks: Buffer[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  const done = new Promise<void>((resolved, rejected) => pdf.once('end', resolved).once('error', rejected));
  pdf.registerFont(fonts.plain, fontFile('DejaVuSans'));
  pdf.registerFont(fonts.bold, fontFile('DejaVuSans-Bold'));
  pdf.registerFont(fonts.code, fontFile('DejaVuSansMono'));
  pdf.font(fonts.bold).fontSize(sizes.title).fillColor(ink.text).text(title).moveDown(0.3);
  if (tag !== null) pdf.font(fonts.bold).fontSize(sizes.text).fillColor(ink.warning).text(tag).moveDown(0.3);
  for (const { title: name, blocks } of sections) {
    const [first] = blocks;
    keepTogether(pdf, sizes.section * 3 + (first === undefined ? 0 : leastHeight(first)));
    const top = pdf.moveDown(0.6).font(fonts.bold).fontSize(sizes.section).fillColor(ink.text).text(name).y;
    const { left, width } = column(pdf);
    pdf
      .moveTo(left, top + 1)
      .lineTo(left + width, top + 1)
      .lineWidth(0.5)
      .stroke(ink.line);
    pdf.y = top + 5;
    for (const block of blocks) drawBlock(pdf, block);
  }
  numberPages(pdf, title);
  pdf.end();
  await done;
  return Buffer.concat(chunks);
}

function drawBlock(pdf: PDFKit.PDFDocument, block: Block): void {
  const { left, width } = column(pdf);
  pdf.x = left;
  switch (block.kind) {
    case 'lead':
      pdf.font(fonts.bold).fontSize(sizes.lead).fillColor(ink.text).text(block.text, { width }).moveDown(0.4);
      return;
    case 'heading':
      keepTogether(pdf, 60);
      pdf
        .moveDown(0.3)
        .font(fonts.bold)
        .fontSize(sizes.heading)
        .fillColor(ink.text)
        .text(block.text, { width });
      return;
    case 'text':
      pdf.fontSize(sizes.text).fillColor(ink.text);
      if (block.strong !== undefined) pdf.font(fonts.bold).text(block.strong, { width, continued: true });
      pdf.font(fonts.plain).text(block.text, { width }).moveDown(0.4);
      return;
    case 'table':
      drawTable(pdf, block, column(pdf));
      return;
    case 'plots':
      drawPlots(pdf, block.plots, column(pdf));
  }
}

function column({ page }: PDFKit.PDFDocument): Column {
  const { left, right, bottom } = page.margins;
  return { left, width: page.width - left - right, bottom: page.height - bottom };
}

/** What must fit below a heading, so that none stands alone at the end of a page. */
function leastHeight({ kind }: Block): number {
  return { lead: 40, heading: 60, text: 24, table: 60, plots: 220 }[kind];
}

function keepTogether(pdf: PDFKit.PDFDocument, height: number): void {
  if (pdf.y + height > column(pdf).bottom) pdf.addPage();
}

function numberPages(pdf: PDFKit.PDFDocument, title: string): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let page = start; page < start + count; page++) {
    pdf.switchToPage(page);
    const { left, width } = column(pdf);
    // Below the content's end text would begin a new page.
    const { bottom } = pdf.page.margins;
    pdf.page.margins.bottom = 0;
    const y = pdf.page.height - margin;
    const line = { width, lineBreak: false, ellipsis: true } as const;
    pdf.font(fonts.plain).fontSize(sizes.small).fillColor(ink.quiet);
    pdf.text(title, left, y, { ...line, width: width - 60, height: 10 });
    pdf.text(`${page + 1} / ${count}`, left, y, { ...line, align: 'right' });
    pdf.page.margins.bottom = bottom;
  }
}
