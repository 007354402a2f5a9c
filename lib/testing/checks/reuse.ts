import { isDeepStrictEqual } from 'node:util';
import { defineCheck } from '../conformance-check.js';
import { ConformanceError } from '../conformance-error.js';
import { expectItems } from '../expect-items.js';

export const reuseChecks = [
  defineCheck({
    name: 'iterating the same listing twice',
    guarantee: 'A second walk over the same listing with the same input delivers everything again.',
    async body(run) {
      const { ids, open } = await run.createScenario({ maxRequests: 100 });
      await open().rest();
      expectItems(run.pager, await open().rest(), ids);
    },
  }),

  defineCheck({
    name: 'iterating the same listing concurrently',
    guarantee: 'Two concurrent walks over one listing do not affect each other.',
    async body(run) {
      const { ids, open } = await run.createScenario({ maxRequests: 100 });
      const [one, other] = [open(), open()];
      // One page apart, so that they request two different pages at the same time.
      const ahead = await one.take(10);
      const behind: string[] = [];
      for (let turn = 0; turn < 15; turn++) {
        const [first, second] = await Promise.all([one.take(1), other.take(1)]);
        ahead.push(...first);
        behind.push(...second);
      }
      expectItems(run.pager, [...ahead, ...(await one.rest())], ids);
      expectItems(run.pager, [...behind, ...(await other.rest())], ids);
    },
  }),

  defineCheck({
    name: 'an unchanged input',
    guarantee: 'The caller’s input is not changed.',
    requires: ['input'],
    async body(run) {
      const { listing, open } = await run.createScenario({ maxRequests: 100 });
      const before = { ...listing.input };
      await open().rest();
      if (isDeepStrictEqual(before, { ...listing.input })) return;
      const details = { expected: before, actual: listing.input };
      throw new ConformanceError('mutates', 'it changed the input', details);
    },
  }),

  defineCheck({
    name: 'a frozen input',
    guarantee: 'A frozen input works like any other.',
    requires: ['input'],
    async body(run) {
      const { ids, listing, open } = await run.createScenario({ maxRequests: 100 });
      Object.freeze(listing.input);
      expectItems(run.pager, await open().rest(), ids);
    },
  }),
];
