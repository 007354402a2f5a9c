import type { CheckRun } from '../check-run.js';
import { defineCheck } from '../conformance-check.js';
import { expectError } from '../expect-error.js';

export const cycleChecks = [
  defineCheck({
    name: 'a token that repeats (A, A)',
    guarantee: 'A token that points to its own page ends the walk with an error, not in a loop or silently.',
    body: (run) => closeCycle(run, 1),
  }),

  defineCheck({
    name: 'two alternating tokens (A, B, A)',
    guarantee: 'Two tokens that point to each other end the walk with an error, not in a loop or silently.',
    body: (run) => closeCycle(run, 2),
  }),

  defineCheck({
    name: 'a cycle of five tokens',
    guarantee:
      'A token that recurs after four others ends the walk with an error, not in a loop or silently.',
    body: (run) => closeCycle(run, 5),
  }),
];

/** Expects the pages before the repeated token once, then an error. */
async function closeCycle(run: CheckRun, distance: number): Promise<void> {
  const pages = distance + 1;
  const { ids, open } = await run.createScenario({
    count: 100,
    faults: { [pages]: { kind: 'repeated-token', distance } },
    maxRequests: 100,
  });
  expectError(await open().untilError(), ids, pages * 10);
}
