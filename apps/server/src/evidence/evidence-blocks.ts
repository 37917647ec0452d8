import { cell, type Block, type Cell, type EvidenceSection } from './evidence-document.ts';

export function section(title: string, ...blocks: readonly (Block | null)[]): EvidenceSection {
  return { title, blocks: blocks.filter((block) => block !== null) };
}

export const text = (content: string, strong?: string): Block => ({
  kind: 'text',
  text: content,
  ...(strong === undefined ? {} : { strong }),
});

export function table(head: readonly string[], rows: readonly (readonly (string | Cell)[])[]): Block {
  const toCell = (content: string | Cell): Cell => (typeof content === 'string' ? cell(content) : content);
  return { kind: 'table', head, rows: rows.map((row) => row.map(toCell)) };
}
