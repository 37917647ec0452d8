import type { Block, Cell, EvidenceDocument, EvidenceSection, Plot } from './evidence-document.ts';
import { html, type Html } from './html.ts';
import { layOutPlot, placed, plotSize } from './plot-geometry.ts';
import { evidenceStyle } from './style.ts';

/** Evidence as one page: complete in itself, without script, made to be kept and printed. */
export function renderPage({ language, title, tag, sections }: EvidenceDocument): string {
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${evidenceStyle}
      </head>
      <body>
        <h1>${title}</h1>
        ${tag === null ? null : html`<p class="tag">${tag}</p>`} ${sections.map(renderSection)}
      </body>
    </html> `.markup;
}

function renderSection({ title, blocks }: EvidenceSection): Html {
  return html`<section>
    <h2>${title}</h2>
    ${blocks.map(renderBlock)}
  </section> `;
}

function renderBlock(block: Block): Html {
  switch (block.kind) {
    case 'lead':
      return html`<p class="verdict">${block.text}</p>`;
    case 'heading':
      return html`<h3>${block.text}</h3>`;
    case 'text':
      return html`<p>
        ${block.strong === undefined ? null : html`<strong>${block.strong}</strong>`}${block.text}
      </p>`;
    case 'table':
      return renderTable(block);
    case 'plots':
      return html`<div class="plots">${block.plots.map(renderPlot)}</div>`;
  }
}

function renderTable({ head, rows }: Extract<Block, { kind: 'table' }>): Html {
  return html`<div class="scroll" tabindex="0">
    <table>
      <thead>
        <tr>
          ${head.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first, ...cells]) =>
            html`<tr>
              <th scope="row">${first === undefined ? null : renderCell(first)}</th>
              ${cells.map((one) => html`<td>${renderCell(one)}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div> `;
}

function renderCell({ text, below, isCode }: Cell): Html {
  const own = isCode === true ? html`<code>${text}</code>` : html`${text}`;
  if (below === undefined || below.length === 0) return own;
  return html`${own}
    <ul>
      ${below.map((line) => html`<li>${line}</li>`)}
    </ul>`;
}

function renderPlot(plot: Plot): Html {
  const { title, series, marks } = plot;
  const geometry = layOutPlot(plot);
  const { x, y, left, right, bottom } = geometry;
  const { width, height } = plotSize;
  const ends = plot.diagonal === true ? placed(geometry, [[0, 0], [1, 1]]) : []; // prettier-ignore
  return html`<figure>
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
      ${x.ticks.map(
        (value) =>
          html`<text x="${x.at(value)}" y="${bottom + 16}" text-anchor="middle"
            >${plot.formatX(value)}</text
          >`,
      )}
      ${y.ticks.map(
        (value) =>
          html`<line class="grid" x1="${left}" x2="${right}" y1="${y.at(value)}" y2="${y.at(value)}" /><text
              x="${left - 6}"
              y="${y.at(value) + 4}"
              text-anchor="end"
              >${plot.formatY(value)}</text
            >`,
      )}
      <text x="${(left + width) / 2}" y="${height - 8}" text-anchor="middle">${plot.x}</text>
      <text transform="translate(12 ${height / 2}) rotate(-90)" text-anchor="middle">${plot.y}</text>
      ${ends.length === 0 ? null : html`<polyline class="diagonal" points="${ends.map((end) => end.join()).join(' ')}" />`}
      ${series.map(({ points, marked = [], kind }) => {
        const own = placed(geometry, points);
        const dots = marks === 'dots' ? own : placed(geometry, marked);
        const radius = marks === 'dots' ? 2 : 4;
        return html`${
          marks === 'line'
            ? html`<polyline class="${kind}" points="${own.map((point) => point.join()).join(' ')}" />`
            : null
        }${dots.map(([a, b]) => html`<circle class="${kind}" cx="${a}" cy="${b}" r="${radius}" />`)}`;
      })}
    </svg>
    <figcaption>
      ${title}. ${series.map(({ name, kind }) => html`<span class="key ${kind}"></span> ${name} `)}
    </figcaption>
  </figure>`;
}
