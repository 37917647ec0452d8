/** Evidence as what it says, before it is a page or a PDF. */
export interface EvidenceDocument {
  /** BCP 47. */
  readonly language: string;
  readonly title: string;
  /** What must not be overlooked, such as that the data is made up. */
  readonly tag: string | null;
  readonly sections: readonly EvidenceSection[];
}

export interface EvidenceSection {
  readonly title: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'lead' | 'heading'; readonly text: string }
  /** `strong` comes first, in bold. */
  | { readonly kind: 'text'; readonly strong?: string; readonly text: string }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly Cell[])[] }
  | { readonly kind: 'plots'; readonly plots: readonly Plot[] };

export interface Cell {
  readonly text: string;
  /** Smaller, below the text, a line each. */
  readonly below?: readonly string[];
  /** Not words: in letters of one width. */
  readonly isCode?: boolean;
}

export type Point = readonly [number, number];

export interface Series {
  readonly name: string;
  readonly kind: 'current' | 'candidate';
  readonly points: readonly Point[];
  /** Points of the line that are marked. */
  readonly marked?: readonly Point[];
}

export interface Plot {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
  /** Lines through the points, or the points themselves. */
  readonly marks: 'line' | 'dots';
  /** A line from the lower left to the upper right corner of the unit square. */
  readonly diagonal?: boolean;
  /** What an axis shows at least. */
  readonly domain?: { readonly x: Point; readonly y: Point };
  readonly formatX: (value: number) => string;
  readonly formatY: (value: number) => string;
}

export const cell = (text: string): Cell => ({ text });
