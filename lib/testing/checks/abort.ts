import { getEventListeners } from 'node:events';
import { defineCheck } from '../conformance-check.js';
import { ConformanceError } from '../conformance-error.js';
import type { Item } from '../pager.js';
import { idle } from '../patience.js';
import { faultsFrom, type ScriptedFault } from '../scripted-fault.js';
import type { Scenario, Trial } from '../trial.js';

export const abortChecks = [
  defineCheck({
    name: 'an abort between two pages',
    promise: 'After an abort no page is asked for, and the walk ends in an error.',
    needs: ['abort'],
    async body(trial) {
      const { ids, open, service } = await trial.begin();
      const abort = new AbortController();
      const walk = open({ signal: abort.signal });
      await walk.take(10);
      await idle();
      const before = service.requests.length;
      abort.abort(new Error('enough'));
      const { ids: late, error } = await walk.untilError();
      if (10 + late.length === ids.length) throw new ConformanceError('fails', WENT_ON);
      if (error === undefined) throw new ConformanceError('loses', 'it ended as if that were all');
      if (service.requests.length > before) throw new ConformanceError('wastes', 'it sent another request');
    },
  }),

  defineCheck({
    name: 'the reason of the abort',
    promise: 'What an aborted walk throws is the signal’s own reason.',
    needs: ['abort'],
    async body(trial) {
      const scenario = await trial.begin({ faults: { 2: { kind: 'hang' } }, stopped: true });
      const reason = new Error('enough');
      const error = await abortWhileWaiting(trial, scenario, reason);
      if (error === reason) return;
      throw new ConformanceError('fails', `it threw something else: ${error}`, { cause: error });
    },
  }),

  defineCheck({
    name: 'an abort while a request hangs',
    promise: 'An abort ends the walk at once, and aborts the request it waits for.',
    needs: ['abort'],
    async body(trial) {
      const scenario = await trial.begin({ faults: { 2: { kind: 'hang' } }, stopped: true });
      await abortWhileWaiting(trial, scenario);
      if (!(await trial.patience.sees(() => scenario.service.requests[1]?.aborted === true))) {
        throw new ConformanceError('leaks', 'the request is still under way');
      }
    },
  }),

  defineCheck({
    name: 'an abort while a request hangs that heeds nothing',
    promise: 'An abort ends the walk at once, whether or not the request heeds its signal.',
    needs: ['abort'],
    async body(trial) {
      const scenario = await trial.begin({ faults: { 2: { kind: 'hang', deaf: true } }, stopped: true });
      await abortWhileWaiting(trial, scenario);
    },
  }),

  defineCheck({
    name: 'an abort while it waits to try again',
    promise: 'An abort ends the wait between two tries at once.',
    needs: ['abort', 'retry'],
    async body(trial) {
      const throttle: ScriptedFault<Item> = { kind: 'throttle', retryAfterSeconds: 30 };
      const scenario = await trial.begin({ faults: faultsFrom(2, 50, throttle), stopped: true });
      await abortWhileWaiting(trial, scenario);
    },
  }),

  defineCheck({
    name: 'a signal that aborted before',
    promise: 'Under a signal that has aborted already nothing is sent, and the walk ends in an error.',
    needs: ['abort'],
    async body(trial) {
      const { ids, open, service } = await trial.begin();
      const { ids: came, error } = await open({
        signal: AbortSignal.abort(new Error('enough')),
      }).untilError();
      if (came.length === ids.length) throw new ConformanceError('fails', WENT_ON);
      if (error === undefined) throw new ConformanceError('loses', 'it ended as if that were all');
      if (service.requests.length > 0) throw new ConformanceError('wastes', 'it sent a request');
    },
  }),

  defineCheck({
    name: 'no listener left on the signal',
    promise:
      'A signal that outlives many walks does not gather their listeners, be they finished, left or failed.',
    needs: ['abort'],
    async body(trial) {
      const { signal } = new AbortController();
      await (await trial.begin()).open({ signal }).rest();
      const left = (await trial.begin()).open({ signal });
      await left.take(3);
      await left.leave();
      await (await trial.begin({ faults: { 2: { kind: 'error' } } })).open({ signal }).untilError();
      await idle();
      const { length } = getEventListeners(signal, 'abort');
      if (length > 0) throw new ConformanceError('leaks', `${length} listeners are still on the signal`);
    },
  }),
];

const WENT_ON = 'it went on as if nothing had been aborted';

/** Takes the first page, aborts while the walk waits for the second one, and answers with what it threw. */
async function abortWhileWaiting(
  { patience }: Trial,
  { open, service }: Scenario,
  reason = new Error('enough'),
): Promise<unknown> {
  const abort = new AbortController();
  const walk = open({ signal: abort.signal });
  await walk.take(10);
  const waiting = walk.ask().then(
    ({ done }) => ({ error: undefined, failing: done ? ('loses' as const) : ('fails' as const) }),
    (error: unknown) => ({ error, failing: undefined }),
  );
  await patience.sees(() => service.requests.length > 1);
  await idle();
  abort.abort(reason);
  const { error, failing } = await patience.atOnce(waiting, 'the end after the abort');
  if (failing) throw new ConformanceError(failing, WENT_ON);
  return error;
}
