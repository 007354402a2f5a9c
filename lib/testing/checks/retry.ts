import { defineCheck } from '../conformance-check.js';
import { ConformanceError } from '../conformance-error.js';
import { expectAll } from '../expect-all.js';
import { faultsFrom } from '../scripted-fault.js';

export const retryChecks = [
  defineCheck({
    name: 'a throttle',
    promise: 'A request refused for going too fast is sent again, and nobody is lost or comes twice.',
    needs: ['retry'],
    body: (trial) => expectAll(trial, { faults: { 2: { kind: 'throttle' } } }),
  }),

  defineCheck({
    name: 'twelve throttles in a row',
    promise: 'A quota that others use up for a while is waited for, not given up on.',
    needs: ['retry'],
    body: (trial) =>
      expectAll(trial, {
        faults: faultsFrom(2, 12, { kind: 'throttle' }),
      }),
  }),

  defineCheck({
    name: 'a lost connection, a 500',
    promise: 'Faults that pass are tried again, on the first page and on others.',
    needs: ['retry'],
    body: (trial) => expectAll(trial, { faults: { 1: { kind: 'reset' }, 3: { kind: 'server-error' } } }),
  }),

  defineCheck({
    name: 'no second try of what is final',
    promise: 'A request refused for good is not sent again.',
    needs: ['retry'],
    async body(trial) {
      const { open, service } = await trial.begin({ faults: { 2: { kind: 'error' } }, maxRequests: 100 });
      await open().untilError();
      if (service.requests.length <= 2) return;
      throw new ConformanceError('wastes', 'it sent the refused request again');
    },
  }),
];
