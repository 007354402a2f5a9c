import { defineCheck } from '../conformance-check.js';
import { expectError } from '../expect-error.js';
import type { Trial } from '../trial.js';

export const cycleChecks = [
  defineCheck({
    name: 'a token that repeats itself (A, A)',
    promise:
      'A page whose token leads to itself ends the walk in an error; not in a loop, and not in silence.',
    body: (trial) => closeCycle(trial, 1),
  }),

  defineCheck({
    name: 'two tokens that take turns (A, B, A)',
    promise:
      'Two pages whose tokens lead to one another end the walk in an error; not in a loop or in silence.',
    body: (trial) => closeCycle(trial, 2),
  }),

  defineCheck({
    name: 'a cycle of five tokens',
    promise:
      'A token that comes back after four others ends the walk in an error; not in a loop or in silence.',
    body: (trial) => closeCycle(trial, 5),
  }),
];

/** The pages before the cycle closes are delivered once; then comes an error. */
async function closeCycle(trial: Trial, distance: number): Promise<void> {
  const pages = distance + 1;
  const { ids, open } = await trial.begin({
    count: 100,
    faults: { [pages]: { kind: 'repeated-token', distance } },
    maxRequests: 100,
  });
  expectError(await open().untilError(), ids, pages * 10);
}
