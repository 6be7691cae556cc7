import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A missing golden must fail instead of being written; `npm run golden:update` passes -u.
    update: 'none',
    testTimeout: 60_000,
  },
});
