import { defineConfig } from 'vitest/config';

/** Not part of `npm test`: it needs Linux, Go and Envoy, and as long as one gives it. */
export default defineConfig({
  test: {
    include: ['test/conformance/*.live.ts'],
    fileParallelism: false,
    globalSetup: 'test/support/write-validators.mjs',
    testTimeout: 24 * 3_600_000,
    hookTimeout: 24 * 3_600_000,
  },
});
