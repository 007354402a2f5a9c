import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['spec/**/*.spec.ts'],
    globalSetup: 'spec/support/build.ts',
    testTimeout: 30_000,
    maxWorkers: 2,
  },
});
