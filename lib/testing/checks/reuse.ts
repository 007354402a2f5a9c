import { isDeepStrictEqual } from 'node:util';
import { defineCheck } from '../conformance-check.js';
import { ConformanceError } from '../conformance-error.js';
import { expectItems } from '../expect-items.js';

export const reuseChecks = [
  defineCheck({
    name: 'a second walk over the same listing',
    promise: 'A second walk over the same listing, with the same input, gives everything again.',
    async body(trial) {
      const { ids, open } = await trial.begin({ maxRequests: 100 });
      await open().rest();
      expectItems(trial.pager, await open().rest(), ids);
    },
  }),

  defineCheck({
    name: 'two walks at once over the same listing',
    promise: 'Two walks that go on at the same time over one listing do not get in one another’s way.',
    async body(trial) {
      const { ids, open } = await trial.begin({ maxRequests: 100 });
      const [one, other] = [open(), open()];
      // A page apart, so that at the turn of a page they ask for two different ones at the same time.
      const ahead = await one.take(10);
      const behind: string[] = [];
      for (let turn = 0; turn < 15; turn++) {
        const [first, second] = await Promise.all([one.take(1), other.take(1)]);
        ahead.push(...first);
        behind.push(...second);
      }
      expectItems(trial.pager, [...ahead, ...(await one.rest())], ids);
      expectItems(trial.pager, [...behind, ...(await other.rest())], ids);
    },
  }),

  defineCheck({
    name: 'the input left as it was',
    promise: 'The input is the caller’s: nothing is written into it.',
    needs: ['input'],
    async body(trial) {
      const { listing, open } = await trial.begin({ maxRequests: 100 });
      const before = { ...listing.input };
      await open().rest();
      if (isDeepStrictEqual(before, { ...listing.input })) return;
      const details = { expected: before, actual: listing.input };
      throw new ConformanceError('mutates', 'it wrote into the input', details);
    },
  }),

  defineCheck({
    name: 'a frozen input',
    promise: 'A frozen input is as good as any.',
    needs: ['input'],
    async body(trial) {
      const { ids, listing, open } = await trial.begin({ maxRequests: 100 });
      Object.freeze(listing.input);
      expectItems(trial.pager, await open().rest(), ids);
    },
  }),
];
