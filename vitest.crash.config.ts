import { defineConfig } from 'vitest/config';

/** Minutes of kills, chaos and a million users, which `npm test` leaves out: npm run test:crash */
export default defineConfig({
  test: {
    include: ['spec/**/*.{crash,long}.ts'],
    globalSetup: 'spec/support/build.ts',
    // Limits for what hangs, as in vitest.config.ts.
    testTimeout: 300_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    maxWorkers: 2,
  },
});
