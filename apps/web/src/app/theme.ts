import {
  createTheme,
  localStorageColorSchemeManager,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core';

// Shade 4 of gray and dark outlines the controls: 3:1 against what they stand on.
// Petrol: the accent. Shade 7 on white and shade 8 under white text both pass WCAG AA.
const petrol: MantineColorsTuple = [
  '#e6f4f2',
  '#d3ebe8',
  '#a9d8d2',
  '#7bc4bb',
  '#55b2a7',
  '#349a90',
  '#1f7f77',
  '#14655f',
  '#0f4f4d',
  '#0a3b3a',
];
const gray: MantineColorsTuple = [
  '#f6f7f7',
  '#eceeee',
  '#e1e4e4',
  '#d0d5d5',
  '#899393',
  '#76817f',
  '#5d6868',
  '#465151',
  '#2f3939',
  '#1b2323',
];
const dark: MantineColorsTuple = [
  '#e2e8e8',
  '#c3cccc',
  '#a3afaf',
  '#7f8c8c',
  '#667575',
  '#344040',
  '#222c2c',
  '#161d1d',
  '#111717',
  '#0b1010',
];
const green: MantineColorsTuple = [
  '#e8f5ea',
  '#d5ecd9',
  '#abd9b3',
  '#7fc58b',
  '#5fb56d',
  '#3f9b4f',
  '#2b7d3a',
  '#1f672d',
  '#165223',
  '#0f3d19',
];
const red: MantineColorsTuple = [
  '#fdeeeb',
  '#fadcd6',
  '#f3b6ab',
  '#ec8f7f',
  '#e4705d',
  '#d4503b',
  '#b73a27',
  '#98301f',
  '#7a2618',
  '#5b1b11',
];
const amber: MantineColorsTuple = [
  '#fdf3e0',
  '#fae7c2',
  '#f5d08a',
  '#efb952',
  '#e5a32b',
  '#c78512',
  '#9a640a',
  '#7d5008',
  '#633f06',
  '#482d04',
];

const fontFamily = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif';

export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 6 },
  colors: { petrol, gray, dark, green, red, amber },
  black: '#182020',
  fontFamily,
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "Liberation Mono", monospace',
  fontSizes: { xs: '0.8125rem', sm: '0.9rem', md: '1rem', lg: '1.125rem', xl: '1.25rem' },
  headings: {
    fontFamily,
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.85rem', lineHeight: '1.2' },
      h2: { fontSize: '1.25rem', lineHeight: '1.3' },
      h3: { fontSize: '1.05rem', lineHeight: '1.35' },
    },
  },
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '5px', md: '8px', lg: '12px', xl: '20px' },
  cursorType: 'pointer',
  components: {
    // Long labels, of which Portuguese has many, wrap rather than leave the screen, and keep their accents.
    Button: {
      styles: {
        root: {
          display: 'inline-flex',
          alignItems: 'center',
          justifyContent: 'center',
          height: 'auto',
          minHeight: 'var(--button-height)',
          maxWidth: '100%',
          paddingBlock: 4,
        },
        label: { whiteSpace: 'normal', overflow: 'visible', lineHeight: 1.3 },
      },
    },
    Radio: { styles: { description: { fontSize: 'var(--mantine-font-size-sm)' } } },
  },
  respectReducedMotion: true,
});

/** Mantine's own muted colours do not reach the contrast of WCAG AA; these do, on page and card alike. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f3f5f4',
    '--mantine-color-dimmed': '#566161',
    '--mantine-color-placeholder': '#667171',
    '--mantine-color-error': '#98301f',
    '--mantine-color-default-border': '#8f9999',
    '--mantine-color-disabled-color': '#667171',
    '--kaefer-surface': '#ffffff',
    '--kaefer-surface-sunken': '#eef1f0',
    '--kaefer-line': '#d9dedd',
    '--kaefer-accent-text': '#14655f',
    '--kaefer-better': '#1f672d',
    '--kaefer-better-soft': '#e8f5ea',
    '--kaefer-worse': '#98301f',
    '--kaefer-worse-soft': '#fdeeeb',
    '--kaefer-attention': '#7d5008',
    '--kaefer-attention-soft': '#fdf3e0',
    '--kaefer-accent-soft': '#e6f4f2',
    '--kaefer-series-current': '#6a7575',
    '--kaefer-series-candidate': '#0f6f68',
    '--kaefer-positive': '#b45309',
    '--kaefer-negative': '#6a7575',
  },
  dark: {
    '--mantine-color-body': '#111717',
    '--mantine-color-dimmed': '#a3afaf',
    '--mantine-color-placeholder': '#96a3a3',
    '--mantine-color-error': '#f3a194',
    '--mantine-color-default-border': '#5f6d6d',
    '--mantine-color-disabled-color': '#96a3a3',
    '--mantine-color-anchor': '#7bc4bb',
    '--mantine-color-default': '#1a2222',
    '--kaefer-surface': '#1a2222',
    '--kaefer-surface-sunken': '#222c2c',
    '--kaefer-line': '#344040',
    '--kaefer-accent-text': '#7bc4bb',
    '--kaefer-better': '#86cf93',
    '--kaefer-better-soft': '#17301c',
    '--kaefer-worse': '#f3a194',
    '--kaefer-worse-soft': '#3b1d18',
    '--kaefer-attention': '#efc06a',
    '--kaefer-attention-soft': '#352a13',
    '--kaefer-accent-soft': '#15302e',
    '--kaefer-series-current': '#a3afaf',
    '--kaefer-series-candidate': '#55c4b7',
    '--kaefer-positive': '#f0a55a',
    '--kaefer-negative': '#a3afaf',
  },
});

/** public/color-scheme.js reads the same key before the first paint. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: 'kaefer.color-scheme' });
