import { defineCheck } from '../conformance-check.js';
import { expectError } from '../expect-error.js';
import { expectAll, expectItems } from '../expect-items.js';
import { faultsFrom, type ScriptedFault } from '../scripted-fault.js';

const EMPTY: ScriptedFault<never> = { kind: 'empty-page' };
const MISSING: ScriptedFault<never> = { kind: 'missing-list' };

export const pageChecks = [
  defineCheck({
    name: 'an empty page with a token',
    guarantee: 'An empty page with a token is not the end, whether it is the first page or a later one.',
    body: (run) => expectAll(run, { faults: { 1: EMPTY, 3: EMPTY } }),
  }),

  defineCheck({
    name: 'twelve empty pages in a row',
    guarantee: 'Any number of consecutive empty pages, as in filtered listings, is not the end.',
    body: (run) =>
      expectAll(run, {
        faults: faultsFrom(2, 12, EMPTY),
      }),
  }),

  defineCheck({
    name: 'a page without a list',
    guarantee: 'A list that the service omits is an empty one, both mid-listing and in an empty listing.',
    async body(run) {
      await expectAll(run, { faults: { 2: MISSING } });
      await expectAll(run, { count: 0, faults: { 1: MISSING } });
    },
  }),

  defineCheck({
    name: 'an empty answer',
    guarantee: 'An answer without a list and a token, where a page was promised, is a fault and not the end.',
    async body(run) {
      for (const times of [1, 50]) {
        const { ids, open } = await run.createScenario({
          faults: faultsFrom(3, times, { kind: 'empty-answer' }),
          maxRequests: 60,
        });
        const { ids: delivered, error } = await open().untilError();
        if (error !== undefined || delivered.length < ids.length) {
          expectError({ ids: delivered, error }, ids, 20);
        } else expectItems(run.pager, delivered, ids);
      }
      await expectAll(run, { count: 0, faults: { 1: { kind: 'empty-answer' } } });
    },
  }),

  defineCheck({
    name: 'an empty last page',
    guarantee: 'An empty last page ends the walk without an error.',
    body: (run) => expectAll(run, { count: 20, emptyLastPage: true }),
  }),

  defineCheck({
    name: 'null or "" as the last token',
    guarantee: 'Null and the empty string mean that there are no more pages, as undefined does.',
    async body(run) {
      await expectAll(run, { lastToken: null });
      await expectAll(run, { lastToken: '' });
    },
  }),
];
