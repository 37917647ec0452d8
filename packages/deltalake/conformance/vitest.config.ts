import { defineConfig } from 'vitest/config';

/** Tests that need what `npm run test:conformance` installs and starts. */
export default defineConfig({
  resolve: { conditions: ['kaefer-source', 'node'] },
  ssr: { resolve: { conditions: ['kaefer-source', 'node'] } },
  test: {
    include: ['packages/deltalake/conformance/**/*.test.ts', 'apps/server/conformance/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
  },
});
