import { getEventListeners } from 'node:events';
import type { CheckRun, Scenario } from '../check-run.js';
import { defineCheck } from '../conformance-check.js';
import { ConformanceError } from '../conformance-error.js';
import type { Item } from '../pager.js';
import { faultsFrom, type ScriptedFault } from '../scripted-fault.js';
import { settle } from '../timeouts.js';

export const abortChecks = [
  defineCheck({
    name: 'an abort between pages',
    guarantee: 'After an abort no page is fetched and the walk ends with an error.',
    requires: ['abort'],
    async body(run) {
      const { ids, open, service } = await run.createScenario();
      const abort = new AbortController();
      const walk = open({ signal: abort.signal });
      await walk.take(10);
      await settle();
      const before = service.requests.length;
      abort.abort(new Error('enough'));
      const { ids: late, error } = await walk.untilError();
      if (10 + late.length === ids.length) throw new ConformanceError('fails', ABORT_IGNORED);
      if (error === undefined) throw new ConformanceError('loses', 'it ended as if it were complete');
      if (service.requests.length > before) throw new ConformanceError('wastes', 'it sent another request');
    },
  }),

  defineCheck({
    name: 'the abort reason is thrown',
    guarantee: 'An aborted walk throws the reason of its signal.',
    requires: ['abort'],
    async body(run) {
      const scenario = await run.createScenario({ faults: { 2: { kind: 'hang' } }, stopped: true });
      const reason = new Error('enough');
      const error = await abortWhileWaiting(run, scenario, reason);
      if (error === reason) return;
      throw new ConformanceError('fails', `it threw another error: ${error}`, { cause: error });
    },
  }),

  defineCheck({
    name: 'an abort while a request hangs',
    guarantee: 'An abort ends the walk at once and aborts the pending request.',
    requires: ['abort'],
    async body(run) {
      const scenario = await run.createScenario({ faults: { 2: { kind: 'hang' } }, stopped: true });
      await abortWhileWaiting(run, scenario);
      if (!(await run.timeouts.becomesTrue(() => scenario.service.requests[1]?.aborted === true))) {
        throw new ConformanceError('leaks', 'the request is still pending');
      }
    },
  }),

  defineCheck({
    name: 'an abort while a request ignores its signal',
    guarantee: 'An abort ends the walk at once even if the request ignores its signal.',
    requires: ['abort'],
    async body(run) {
      const scenario = await run.createScenario({
        faults: { 2: { kind: 'hang', ignoresSignal: true } },
        stopped: true,
      });
      await abortWhileWaiting(run, scenario);
    },
  }),

  defineCheck({
    name: 'an abort during a retry delay',
    guarantee: 'An abort ends the delay before a retry at once.',
    requires: ['abort', 'retry'],
    async body(run) {
      const throttle: ScriptedFault<Item> = { kind: 'throttle', retryAfterSeconds: 30 };
      const scenario = await run.createScenario({ faults: faultsFrom(2, 50, throttle), stopped: true });
      await abortWhileWaiting(run, scenario);
    },
  }),

  defineCheck({
    name: 'an already aborted signal',
    guarantee: 'With an already aborted signal nothing is sent and the walk ends with an error.',
    requires: ['abort'],
    async body(run) {
      const { ids, open, service } = await run.createScenario();
      const { ids: delivered, error } = await open({
        signal: AbortSignal.abort(new Error('enough')),
      }).untilError();
      if (delivered.length === ids.length) throw new ConformanceError('fails', ABORT_IGNORED);
      if (error === undefined) throw new ConformanceError('loses', 'it ended as if it were complete');
      if (service.requests.length > 0) throw new ConformanceError('wastes', 'it sent a request');
    },
  }),

  defineCheck({
    name: 'no listener left on the signal',
    guarantee: 'Finished, stopped and failed walks leave no listeners on a signal that outlives them.',
    requires: ['abort'],
    async body(run) {
      const { signal } = new AbortController();
      await (await run.createScenario()).open({ signal }).rest();
      const left = (await run.createScenario()).open({ signal });
      await left.take(3);
      await left.stop();
      await (await run.createScenario({ faults: { 2: { kind: 'error' } } })).open({ signal }).untilError();
      await settle();
      const { length } = getEventListeners(signal, 'abort');
      if (length > 0) throw new ConformanceError('leaks', `${length} listeners are still on the signal`);
    },
  }),
];

const ABORT_IGNORED = 'it ignored the abort';

/** Takes the first page, aborts while the walk waits for the second, and returns the error it throws. */
async function abortWhileWaiting(
  { timeouts }: CheckRun,
  { open, service }: Scenario,
  reason = new Error('enough'),
): Promise<unknown> {
  const abort = new AbortController();
  const walk = open({ signal: abort.signal });
  await walk.take(10);
  const waiting = walk.nextUnguarded().then(
    ({ done }) => ({ error: undefined, violation: done ? ('loses' as const) : ('fails' as const) }),
    (error: unknown) => ({ error, violation: undefined }),
  );
  await timeouts.becomesTrue(() => service.requests.length > 1);
  await settle();
  abort.abort(reason);
  const { error, violation } = await timeouts.promptly(waiting, 'the end after the abort');
  if (violation) throw new ConformanceError(violation, ABORT_IGNORED);
  return error;
}
