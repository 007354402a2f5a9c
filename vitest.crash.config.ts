import { defineConfig } from 'vitest/config';

/** Minutes of kills and chaos, which `npm test` leaves out: npm run test:crash */
export default defineConfig({
  test: {
    include: ['spec/**/*.crash.ts'],
    globalSetup: 'spec/support/build.ts',
    maxWorkers: 2,
  },
});
