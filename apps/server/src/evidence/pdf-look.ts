/** Names under which the fonts are registered. */
export const fonts = { plain: 'plain', bold: 'bold', code: 'code' } as const;

export const ink = {
  text: '#1c2321',
  quiet: '#4b5652',
  line: '#c9d1cd',
  faint: '#e3e8e5',
  warning: '#8a5a00',
} as const;
export const seriesInk = { current: '#6b7280', candidate: '#0f6e56' } as const;

/** Where content may stand on a page, in points. */
export interface Column {
  readonly left: number;
  readonly width: number;
  /** Where it ends. */
  readonly bottom: number;
}
