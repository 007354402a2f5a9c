import { defineCheck } from '../conformance-check.js';
import { ConformanceError } from '../conformance-error.js';
import { expectAll } from '../expect-items.js';
import { faultsFrom } from '../scripted-fault.js';

export const retryChecks = [
  defineCheck({
    name: 'a throttle',
    guarantee: 'A throttled request is retried, and no item is lost or repeated.',
    requires: ['retry'],
    body: (run) => expectAll(run, { faults: { 2: { kind: 'throttle' } } }),
  }),

  defineCheck({
    name: 'twelve throttles in a row',
    guarantee: 'A pager keeps waiting for a quota that others use up for a while.',
    requires: ['retry'],
    body: (run) =>
      expectAll(run, {
        faults: faultsFrom(2, 12, { kind: 'throttle' }),
      }),
  }),

  defineCheck({
    name: 'a lost connection and a 500',
    guarantee: 'Transient faults are retried, on the first page and on later ones.',
    requires: ['retry'],
    body: (run) => expectAll(run, { faults: { 1: { kind: 'reset' }, 3: { kind: 'server-error' } } }),
  }),

  defineCheck({
    name: 'no retry of a non-retryable error',
    guarantee: 'A request that failed with a non-retryable error is not sent again.',
    requires: ['retry'],
    async body(run) {
      const { open, service } = await run.createScenario({
        faults: { 2: { kind: 'error' } },
        maxRequests: 100,
      });
      await open().untilError();
      if (service.requests.length <= 2) return;
      throw new ConformanceError('wastes', 'it sent the failed request again');
    },
  }),
];
