import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** The specs whose cases `npm test` pins: here they draw others each time. */
const properties = readdirSync('spec', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.spec.ts'))
  .map((path) => `spec/${path}`)
  .filter((path) => readFileSync(path, 'utf8').includes("from 'fast-check'"));

/** Minutes of kills, chaos, random cases and a million users, which `npm test` leaves out: npm run test:crash */
export default defineConfig({
  test: {
    include: ['spec/**/*.{crash,long}.ts', ...properties],
    globalSetup: 'spec/support/build.ts',
    // Limits for what hangs, as in vitest.config.ts.
    testTimeout: 600_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    maxWorkers: 2,
  },
});
