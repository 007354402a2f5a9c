import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startSandbox } from '../../lib/sandbox/index.js';
import { temporaryFolders } from '../support/temporary-folders.js';

const temporaryFolder = temporaryFolders('memory');

const USERS = 1_000_000;
const MEGABYTE = 1024 ** 2;

/**
 * V8's young generation grows with the rate of garbage, whatever is kept: on Node 24 by 65 MB during this run, and by
 * 5 MB with this limit. What grows then is held by the program.
 */
const FIXED_YOUNG_GENERATION = '--max-semi-space-size=1';

it('walks a million users with no more memory than it takes to walk a quarter of them', {
  timeout: 300_000,
}, async () => {
  await using sandbox = await startSandbox({ users: USERS, ratePerSecond: Number.POSITIVE_INFINITY });
  const script = join(import.meta.dirname, 'drain.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--expose-gc',
    FIXED_YOUNG_GENERATION,
    '--import',
    'tsx',
    script,
    sandbox.endpoint,
    sandbox.instanceId,
    String(USERS),
  ]);
  const marks = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { count: number; rss: number; heapUsed: number });
  expect(marks.map(({ count }) => count)).toEqual([1, 2, 3, 4].map((quarter) => (quarter * USERS) / 4));
  const [first, last] = [marks[0], marks.at(-1)];
  // What may grow is a digest of a token for each page, 1,000 of them; a user is 200 bytes and more.
  expect((last?.heapUsed ?? 0) - (first?.heapUsed ?? 0)).toBeLessThan(2 * MEGABYTE);
  // The process as a whole, buffers included: 750,000 users more at a tenth of that would be 20 bytes a user.
  expect((last?.rss ?? Number.NaN) / (first?.rss ?? Number.NaN)).toBeLessThan(1.1);
});

/** How many more bytes are held after a million pages than after a tenth of them. */
async function growthOf(...args: string[]): Promise<number> {
  const script = join(import.meta.dirname, 'million-pages.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--expose-gc',
    '--import',
    'tsx',
    script,
    ...args,
  ]);
  const marks = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { count: number; held: number });
  expect(marks.map(({ count }) => count)).toEqual([100_000, 1_000_000]);
  const [first, last] = marks;
  return (last?.held ?? Number.NaN) - (first?.held ?? Number.NaN);
}

// A digest of each token takes 13 bytes: 12 MB for 900,000. In a Set they would take 45.
const OF_TOKENS = 16 * MEGABYTE;

it('reads a million pages and keeps no more than a digest of each token', { timeout: 300_000 }, async () => {
  expect(await growthOf()).toBeLessThan(OF_TOKENS);
});

it('drains a million pages and keeps no more than a digest of each token', { timeout: 300_000 }, async () => {
  const path = join(await temporaryFolder(), 'rows.ndjson');
  expect(await growthOf(path)).toBeLessThan(OF_TOKENS);
});
