import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/write-validators.mjs',
    // A missing golden must fail instead of being written; `npm run golden:update` passes -u.
    update: 'none',
    // Nothing here takes a minute; a machine that does much else at once may be many times slower.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
