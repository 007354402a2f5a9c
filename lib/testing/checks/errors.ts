import { defineCheck } from '../conformance-check.js';
import { expectError } from '../expect-error.js';
import { expectItems } from '../expect-items.js';
import type { Item } from '../pager.js';
import { faultsFrom, type ScriptedFault } from '../scripted-fault.js';
import type { Trial } from '../trial.js';

export const errorChecks = [
  defineCheck({
    name: 'a final error in the middle',
    promise: 'An error that nothing mends reaches the consumer, after every item that came before it.',
    body: (trial) => expectErrorAtThirdPage(trial, { kind: 'error' }),
  }),

  defineCheck({
    name: 'a refused token in the middle',
    promise:
      'A token the service no longer takes is an error; not an end, and not another beginning in silence.',
    body: (trial) => expectErrorAtThirdPage(trial, { kind: 'expired-token' }),
  }),

  defineCheck({
    name: 'next() after an error',
    promise: 'Asked again after an error, a walk says the error again or goes on; it never says “done”.',
    async body(trial) {
      const { ids, open } = await trial.begin({ faults: { 2: { kind: 'error' } }, maxRequests: 100 });
      const walk = open();
      const { ids: before } = await walk.untilError();
      const { ids: after, error } = await walk.untilError();
      if (error === undefined) expectItems(trial.pager, [...before, ...after], ids);
    },
  }),
];

async function expectErrorAtThirdPage(trial: Trial, fault: ScriptedFault<Item>): Promise<void> {
  // From then on, so that a pager which tries again meets it again.
  const faults = faultsFrom(3, 50, fault);
  const { ids, open } = await trial.begin({ faults, maxRequests: 50 });
  expectError(await open().untilError(), ids, 20);
}
