import { defineCheck } from '../conformance-check.js';
import { ConformanceError } from '../conformance-error.js';
import { expectItems } from '../expect-items.js';
import { idle } from '../patience.js';
import type { Trial } from '../trial.js';

export const limitChecks = [
  defineCheck({
    name: 'as many items as wanted',
    promise: 'A limit gives so many items: none, some, a page exactly, or all where there are fewer.',
    needs: ['limit'],
    async body(trial) {
      for (const limit of [0, 7, 10, 11, 40]) {
        const { ids, open } = await trial.begin();
        const came = await open({ limit }).rest();
        // Out of order on purpose, any of them will do, as long as they are so many.
        expectItems(
          trial.pager,
          came,
          trial.pager.unordered ? someOf(ids, came, limit) : ids.slice(0, limit),
        );
      }
    },
  }),

  defineCheck({
    name: 'no page beyond a limit',
    promise: 'A limit asks for no page that it does not need.',
    needs: ['limit'],
    async body(trial) {
      await expectRequests(trial, { limit: 7, atMost: 1 });
      await expectRequests(trial, { limit: 10, atMost: 1 });
      await expectRequests(trial, { limit: 11, atMost: 2 });
    },
  }),
];

async function expectRequests(
  trial: Trial,
  { limit, atMost }: { limit: number; atMost: number },
): Promise<void> {
  const { open, service } = await trial.begin();
  await open({ limit }).rest();
  await idle();
  const sent = service.requests.length;
  if (sent > atMost) {
    throw new ConformanceError('wastes', `for ${limit} items in pages of 10 it sent ${sent} requests`);
  }
}

function someOf(ids: readonly string[], came: readonly string[], limit: number): string[] {
  const known = came.filter((id) => ids.includes(id));
  const others = ids.filter((id) => !came.includes(id));
  return [...known, ...others].slice(0, limit);
}
