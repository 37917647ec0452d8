import { Html } from './html.ts';

/** The page's only style: dark on light, narrow enough for paper, tables that do not break within a row. */
export const evidenceStyle = new Html(`<style>
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; color: #1c2321; background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1.25rem; }
h1 { font-size: 1.5rem; line-height: 1.25; }
h2 { font-size: 1.15rem; margin: 2rem 0 0.5rem; border-bottom: 1px solid #c9d1cd; padding-bottom: 0.25rem; }
h3 { font-size: 1rem; margin: 1rem 0 0.25rem; }
p { max-width: 72ch; margin: 0.4rem 0; overflow-wrap: anywhere; }
.verdict { font-size: 1.1rem; font-weight: 600; }
.tag { display: inline-block; border: 1px solid #8a5a00; color: #8a5a00; padding: 0 0.5rem; border-radius: 4px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: 0.5rem 0; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.9rem 0.3rem 0; border-bottom: 1px solid #e3e8e5; overflow-wrap: anywhere; }
thead th { border-bottom-color: #8b9691; font-size: 0.85rem; }
tbody th { font-weight: 500; }
td ul { margin: 0; padding: 0; list-style: none; font-size: 0.8rem; color: #4b5652; }
code { font-size: 0.75rem; }
.plots { display: flex; flex-wrap: wrap; gap: 1.5rem; }
figure { margin: 0; width: 26rem; max-width: 100%; }
figcaption { font-size: 0.85rem; color: #4b5652; }
svg { width: 100%; height: auto; }
svg text { font-size: 11px; fill: #4b5652; }
svg .grid { stroke: #e3e8e5; }
polyline.diagonal { stroke: #9aa5a0; stroke-width: 1; stroke-dasharray: 2 4; }
polyline { fill: none; stroke-width: 2; }
polyline.current { stroke: #6b7280; stroke-dasharray: 6 4; }
polyline.candidate { stroke: #0f6e56; }
circle.current { fill: #6b7280; fill-opacity: 0.6; }
circle.candidate { fill: #0f6e56; fill-opacity: 0.6; }
.key { display: inline-block; width: 1.5rem; border-top: 2px solid #0f6e56; vertical-align: middle; }
.key.current { border-top: 2px dashed #6b7280; }
@media print {
  body { margin: 0; max-width: none; font-size: 10pt; }
  h2, h3 { break-after: avoid; }
  tr, figure { break-inside: avoid; }
  .scroll { overflow: visible; }
}
</style>`);
