import { defineConfig } from 'vitest/config';

/** What needs the network: `npm run test:install`. */
export default defineConfig({
  test: {
    include: ['test/install/*.install.ts'],
    fileParallelism: false,
    testTimeout: 1_200_000,
    hookTimeout: 1_200_000,
  },
});
