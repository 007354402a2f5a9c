import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conformanceChecks } from '../../lib/testing/index.js';
import { brokenAtAbort } from './broken/abort.js';
import { brokenAtCycles } from './broken/cycles.js';
import { brokenAtErrors } from './broken/errors.js';
import { brokenAtItems } from './broken/items.js';
import { brokenAtLeaks } from './broken/leaks.js';
import { brokenAtLimit } from './broken/limit.js';
import { brokenAtPages } from './broken/pages.js';
import { brokenAtRelease } from './broken/release.js';
import { brokenAtResume } from './broken/resume.js';
import { brokenAtRetry } from './broken/retry.js';
import { brokenAtReuse } from './broken/reuse.js';
import { turnClock } from './turn-clock.js';

const brokenPagers = [
  ...brokenAtItems,
  ...brokenAtPages,
  ...brokenAtCycles,
  ...brokenAtReuse,
  ...brokenAtErrors,
  ...brokenAtRetry,
  ...brokenAtLimit,
  ...brokenAtRelease,
  ...brokenAtLeaks,
  ...brokenAtAbort,
  ...brokenAtResume,
];

describe('a broken pager', () => {
  // One of them leaves a rejection unhandled, which the kit must see but the test runner must not.
  const runners = process.listeners('unhandledRejection');
  beforeEach(() => {
    process.removeAllListeners('unhandledRejection');
  });
  afterEach(() => {
    for (const listener of runners) process.on('unhandledRejection', listener);
  });

  it.each(brokenPagers)(
    'a pager that $trap fails the check "$check" with "$violation"',
    async ({ check, violation, pager }) => {
      const run = conformanceChecks.find(({ name }) => name === check)?.run(pager, { clock: turnClock });
      await expect(run).rejects.toMatchObject({ name: 'ConformanceError', violation });
    },
  );
});

it('every check has a broken pager that fails it', () => {
  const failed = new Set(brokenPagers.map(({ check }) => check));
  expect(conformanceChecks.map(({ name }) => name).filter((name) => !failed.has(name))).toEqual([]);
});
