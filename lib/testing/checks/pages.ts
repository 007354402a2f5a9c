import { defineCheck } from '../conformance-check.js';
import { expectAll } from '../expect-all.js';
import { faultsFrom, type ScriptedFault } from '../scripted-fault.js';

const EMPTY: ScriptedFault<never> = { kind: 'empty-page' };
const MISSING: ScriptedFault<never> = { kind: 'missing-list' };

export const pageChecks = [
  defineCheck({
    name: 'an empty page with a token',
    promise:
      'An empty page is no end as long as it comes with a token, be it the first or one in the middle.',
    body: (trial) => expectAll(trial, { faults: { 1: EMPTY, 3: EMPTY } }),
  }),

  defineCheck({
    name: 'twelve empty pages in a row',
    promise: 'Any number of empty pages in a row is no end, as filtered listings have them.',
    body: (trial) =>
      expectAll(trial, {
        faults: faultsFrom(2, 12, EMPTY),
      }),
  }),

  defineCheck({
    name: 'a page without its list',
    promise:
      'A list the service leaves out is an empty one, in the middle and where there is nothing at all.',
    async body(trial) {
      await expectAll(trial, { faults: { 2: MISSING } });
      await expectAll(trial, { count: 0, faults: { 1: MISSING } });
    },
  }),

  defineCheck({
    name: 'an empty last page',
    promise: 'A token that leads to an empty page without another one is the end, and nothing is made of it.',
    body: (trial) => expectAll(trial, { count: 20, emptyLastPage: true }),
  }),

  defineCheck({
    name: 'null and "" as the last token',
    promise: 'Null and an empty string mean that there is no other page, as undefined does.',
    async body(trial) {
      await expectAll(trial, { lastToken: null });
      await expectAll(trial, { lastToken: '' });
    },
  }),
];
