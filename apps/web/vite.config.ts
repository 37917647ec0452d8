import react from '@vitejs/plugin-react';
import type { Plugin } from 'postcss';
import presetMantine from 'postcss-preset-mantine';
import simpleVars from 'postcss-simple-vars';
import { defineConfig } from 'vite';

// Its types name no plugin.
const mantine = presetMantine as () => Plugin;

const breakpoints = {
  'mantine-breakpoint-xs': '36em',
  'mantine-breakpoint-sm': '48em',
  'mantine-breakpoint-md': '62em',
  'mantine-breakpoint-lg': '75em',
  'mantine-breakpoint-xl': '88em',
};

export default defineConfig({
  plugins: [react()],
  // The contracts are read from their sources, so that this build needs no other one before it.
  resolve: { conditions: ['kaefer-source', 'module', 'browser', 'development|production'] },
  css: { postcss: { plugins: [mantine(), simpleVars({ variables: breakpoints })] } },
  server: { proxy: { '/api': 'http://127.0.0.1:4870', '/sign-in': 'http://127.0.0.1:4870' } },
  build: {
    outDir: 'dist',
    assetsDir: 'assets',
    // Nothing is inlined as data: the content security policy names 'self' only.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      // The catalogues of messages in the contracts are the server's; only the schemas that are used stay.
      treeshake: { moduleSideEffects: (id) => !id.includes('/packages/contracts/') },
    },
  },
});
