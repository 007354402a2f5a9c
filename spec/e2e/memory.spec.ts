import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startSandbox } from '../../lib/sandbox/index.js';

const USERS = 1_000_000;
const MEGABYTE = 1024 ** 2;

it('walks a million users with no more memory than it takes to walk a quarter of them', {
  timeout: 120_000,
}, async () => {
  await using sandbox = await startSandbox({ users: USERS, ratePerSecond: Number.POSITIVE_INFINITY });
  const script = join(import.meta.dirname, 'drain.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--expose-gc',
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
  // What grows is a token a page (1,000 of them) and the engine's own slack, never the users.
  expect((last?.heapUsed ?? 0) - (first?.heapUsed ?? 0)).toBeLessThan(2 * MEGABYTE);
  expect((last?.rss ?? 0) - (first?.rss ?? 0)).toBeLessThan(40 * MEGABYTE);
});
