import type { CheckRun } from '../check-run.js';
import { defineCheck } from '../conformance-check.js';
import { expectError } from '../expect-error.js';
import { expectItems } from '../expect-items.js';
import type { Item } from '../pager.js';
import { faultsFrom, type ScriptedFault } from '../scripted-fault.js';

export const errorChecks = [
  defineCheck({
    name: 'a non-retryable error mid-listing',
    guarantee: 'A non-retryable error reaches the consumer after all items that precede it.',
    body: (run) => expectErrorAtThirdPage(run, { kind: 'error' }),
  }),

  defineCheck({
    name: 'a rejected token mid-listing',
    guarantee: 'A rejected token is an error, not an end and not a silent restart.',
    body: (run) => expectErrorAtThirdPage(run, { kind: 'expired-token' }),
  }),

  defineCheck({
    name: 'next() after an error',
    guarantee: 'After an error, next() throws again or continues; it never returns done.',
    async body(run) {
      const { ids, open } = await run.createScenario({ faults: { 2: { kind: 'error' } }, maxRequests: 100 });
      const walk = open();
      const { ids: before } = await walk.untilError();
      const { ids: after, error } = await walk.untilError();
      if (error === undefined) expectItems(run.pager, [...before, ...after], ids);
    },
  }),
];

async function expectErrorAtThirdPage(run: CheckRun, fault: ScriptedFault<Item>): Promise<void> {
  // Every later request fails too, so a retry meets the same error.
  const faults = faultsFrom(3, 50, fault);
  const { ids, open } = await run.createScenario({ faults, maxRequests: 50 });
  expectError(await open().untilError(), ids, 20);
}
