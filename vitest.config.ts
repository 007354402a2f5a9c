import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/**
 * What a spec does to its process and cannot take back, or measures of it: modules, heap, rejections. After an
 * AsyncLocalStorage has run, as in Playwright, each promise of the process takes three times as long: behind the specs of
 * the browser, `node/file-destination` took 71 s of processor time instead of 5.
 */
const CHANGES_ITS_PROCESS =
  /\bvi\.mock|setFlagsFromString|collectGarbage|garbageCollector|'unhandledRejection'|AsyncLocalStorage|\btelemetry\(|\bstartChromium\(/;

/**
 * What takes the longest behind other specs: it waits 100,000 times for a turn of the event loop, and in a process that
 * has run sixty files it took 184 s instead of 6.
 */
const COUNTS_TURNS = 'spec/pace/figures.spec.ts';

const alone = readdirSync('spec', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.spec.ts'))
  .map((path) => `spec/${path}`)
  .filter((path) => path === COUNTS_TURNS || CHANGES_ITS_PROCESS.test(readFileSync(path, 'utf8')));

export default defineConfig({
  test: {
    globalSetup: ['spec/support/build.ts', 'spec/support/temporary-files-in-memory.ts'],
    setupFiles: 'spec/support/pin-properties.ts',
    // Limits for what hangs: ten times what a busy machine needs. Nothing is proven by being fast.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    // More than the two cores of a small machine: a worker waits a quarter of its time, for processes, quotas and disks.
    maxWorkers: 3,
    projects: [
      // A process of its own loads everything again, the AWS SDK as well: half a second a file.
      {
        extends: true,
        test: { name: 'shared', include: ['spec/**/*.spec.ts'], exclude: alone, isolate: false },
      },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
  },
});
