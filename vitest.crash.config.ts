import { defineConfig } from 'vitest/config';

/** Minutes of kills, chaos and a million users, which `npm test` leaves out: npm run test:crash */
export default defineConfig({
  test: {
    include: ['spec/**/*.{crash,long}.ts'],
    globalSetup: 'spec/support/build.ts',
    maxWorkers: 2,
  },
});
