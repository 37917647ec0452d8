import type { Plot, Point } from './evidence-document.ts';
import { fonts, ink, seriesInk, type Column } from './pdf-look.ts';
import { layOutPlot, placed, plotSize } from './plot-geometry.ts';

const gap = 16;
const fontSize = 11;

/** Plots side by side, two a row, each with its legend below; a row stays on one page. */
export function drawPlots(
  pdf: PDFKit.PDFDocument,
  plots: readonly Plot[],
  { left, width, bottom }: Column,
): void {
  const own = (width - gap) / 2;
  const scale = own / plotSize.width;
  for (let start = 0; start < plots.length; start += 2) {
    const row = plots.slice(start, start + 2);
    const heights = row.map((plot) => plotSize.height * scale + legendHeight(pdf, plot, own));
    const height = Math.max(...heights);
    if (pdf.y + height > bottom) pdf.addPage();
    const top = pdf.y;
    row.forEach((plot, place) => {
      const x = left + place * (own + gap);
      pdf.save().translate(x, top).scale(scale);
      drawPlot(pdf, plot);
      pdf.restore();
      drawLegend(pdf, plot, x, top + plotSize.height * scale, own);
    });
    pdf.x = left;
    pdf.y = top + height + 8;
  }
}

function drawPlot(pdf: PDFKit.PDFDocument, plot: Plot): void {
  const geometry = layOutPlot(plot);
  const { x, y, left, right, bottom } = geometry;
  const { width, height } = plotSize;
  pdf.font(fonts.plain).fontSize(fontSize).fillColor(ink.quiet);
  const write = (text: string, at: number, top: number, align: 'left' | 'center' | 'right'): void => {
    const own = pdf.widthOfString(text);
    const start = align === 'left' ? at : align === 'center' ? at - own / 2 : at - own;
    pdf.text(text, Math.min(start, width - own), top, { lineBreak: false });
  };
  for (const value of x.ticks) write(plot.formatX(value), x.at(value), bottom + 6, 'center');
  for (const value of y.ticks) {
    pdf.moveTo(left, y.at(value)).lineTo(right, y.at(value)).lineWidth(1).stroke(ink.faint);
    write(plot.formatY(value), left - 6, y.at(value) - fontSize / 2, 'right');
  }
  write(plot.x, (left + width) / 2, height - 20, 'center');
  pdf.save().rotate(-90, { origin: [12, height / 2] });
  write(plot.y, 12, height / 2 - fontSize, 'center');
  pdf.restore();
  if (plot.diagonal === true) {
    drawLine(pdf, placed(geometry, [[0, 0], [1, 1]]), ink.quiet, 1, [2, 4]); // prettier-ignore
  }
  for (const { points, marked = [], kind } of plot.series) {
    const own = placed(geometry, points);
    const color = seriesInk[kind];
    if (plot.marks === 'line') drawLine(pdf, own, color, 2, kind === 'current' ? [6, 4] : undefined);
    const dots = plot.marks === 'dots' ? own : placed(geometry, marked);
    for (const [a, b] of dots)
      pdf
        .circle(a, b, plot.marks === 'dots' ? 2 : 4)
        .fillOpacity(0.7)
        .fill(color);
    pdf.fillOpacity(1);
  }
}

/** @param dash lengths of strokes and gaps; a whole line without it */
function drawLine(
  pdf: PDFKit.PDFDocument,
  points: readonly Point[],
  color: string,
  width: number,
  dash: readonly [number, number] | undefined,
): void {
  const [first, ...rest] = points;
  if (first === undefined) return;
  pdf.save().moveTo(...first);
  for (const point of rest) pdf.lineTo(...point);
  if (dash !== undefined) pdf.dash(dash[0], { space: dash[1] });
  pdf.lineWidth(width).lineJoin('round').stroke(color).restore();
}

const legendSize = 8;
const sample = 18;

function legendHeight(pdf: PDFKit.PDFDocument, { title, series }: Plot, width: number): number {
  pdf.font(fonts.plain).fontSize(legendSize);
  const options = { width };
  const names = series.reduce(
    (sum, { name }) => sum + pdf.heightOfString(name, { width: width - sample - 6 }),
    0,
  );
  return pdf.heightOfString(title, options) + names;
}

function drawLegend(
  pdf: PDFKit.PDFDocument,
  { title, series }: Plot,
  x: number,
  y: number,
  width: number,
): void {
  pdf.font(fonts.bold).fontSize(legendSize).fillColor(ink.text).text(title, x, y, { width });
  for (const { name, kind } of series) {
    const middle = pdf.y + legendSize / 2 + 1;
    pdf
      .save()
      .moveTo(x, middle)
      .lineTo(x + sample, middle)
      .lineWidth(1.5);
    if (kind === 'current') pdf.dash(4, { space: 3 });
    pdf.stroke(seriesInk[kind]).restore();
    pdf
      .font(fonts.plain)
      .fillColor(ink.quiet)
      .text(name, x + sample + 6, pdf.y, { width: width - sample - 6 });
  }
}
