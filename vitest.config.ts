import { defineConfig } from 'vitest/config';

/** Specs that change their process or measure it: its modules, clock, heap, warnings or unhandled rejections. */
const ALONE = [
  'spec/node/durability.spec.ts',
  'spec/aws/wire.spec.ts',
  'spec/listing/retained-memory.spec.ts',
  'spec/sandbox/malformed-requests.spec.ts',
  'spec/signals.spec.ts',
  'spec/testing/broken-pagers.spec.ts',
  'spec/e2e/**/*.spec.ts',
];

export default defineConfig({
  test: {
    globalSetup: 'spec/support/build.ts',
    testTimeout: 30_000,
    maxWorkers: 2,
    projects: [
      // A process of its own loads everything again, the AWS SDK as well: half a second a file.
      {
        extends: true,
        test: { name: 'shared', include: ['spec/**/*.spec.ts'], exclude: ALONE, isolate: false },
      },
      { extends: true, test: { name: 'alone', include: ALONE } },
    ],
  },
});
