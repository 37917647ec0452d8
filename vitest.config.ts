import { defineConfig } from 'vitest/config';

// Packages resolve to their TypeScript sources; child processes and the browser use what `npm run build` made.
const source = {
  resolve: { conditions: ['kaefer-source', 'node'] },
  ssr: { resolve: { conditions: ['kaefer-source', 'node'] } },
};

export default defineConfig({
  test: {
    projects: [
      {
        ...source,
        test: {
          name: 'packages',
          include: ['packages/*/test/**/*.test.ts', 'scripts/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          pool: 'forks',
        },
      },
      {
        ...source,
        test: {
          name: 'apps',
          include: ['apps/*/test/**/*.test.ts', 'apps/web/src/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          pool: 'forks',
        },
      },
      {
        ...source,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 300_000,
          pool: 'forks',
        },
      },
    ],
    maxWorkers: 2,
  },
});
