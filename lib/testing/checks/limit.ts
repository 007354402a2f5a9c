import type { CheckRun } from '../check-run.js';
import { defineCheck } from '../conformance-check.js';
import { ConformanceError } from '../conformance-error.js';
import { expectItems } from '../expect-items.js';
import { settle } from '../timeouts.js';

export const limitChecks = [
  defineCheck({
    name: 'a limit on the number of items',
    guarantee: 'A limit delivers that many items: none, some, exactly one page, or all if there are fewer.',
    requires: ['limit'],
    async body(run) {
      for (const limit of [0, 7, 10, 11, 40]) {
        const { ids, open } = await run.createScenario();
        const delivered = await open({ limit }).rest();
        // For a pager that is unordered by design, any items will do.
        expectItems(
          run.pager,
          delivered,
          run.pager.unordered ? someOf(ids, delivered, limit) : ids.slice(0, limit),
        );
      }
    },
  }),

  defineCheck({
    name: 'no extra page for a limit',
    guarantee: 'A limit fetches no more pages than it needs.',
    requires: ['limit'],
    async body(run) {
      await expectRequests(run, { limit: 7, atMost: 1 });
      await expectRequests(run, { limit: 10, atMost: 1 });
      await expectRequests(run, { limit: 11, atMost: 2 });
    },
  }),
];

async function expectRequests(
  run: CheckRun,
  { limit, atMost }: { limit: number; atMost: number },
): Promise<void> {
  const { open, service } = await run.createScenario();
  await open({ limit }).rest();
  await settle();
  const sent = service.requests.length;
  if (sent > atMost) {
    throw new ConformanceError('wastes', `it sent ${sent} requests for ${limit} items in pages of 10`);
  }
}

function someOf(ids: readonly string[], delivered: readonly string[], limit: number): string[] {
  const known = delivered.filter((id) => ids.includes(id));
  const others = ids.filter((id) => !delivered.includes(id));
  return [...known, ...others].slice(0, limit);
}
