import { defineCheck } from '../conformance-check.js';
import { ConformanceError } from '../conformance-error.js';
import { idle } from '../patience.js';
import type { Scenario } from '../trial.js';

export const releaseChecks = [
  defineCheck({
    name: 'nothing sent before it is asked for',
    promise: 'Opening a walk sends nothing; the first next() does.',
    async body(trial) {
      const { open, service } = await trial.begin();
      const walk = open();
      await idle();
      if (service.requests.length > 0) throw new ConformanceError('wastes', 'it sent a request unasked');
      await walk.take(1);
      await walk.leave();
    },
  }),

  defineCheck({
    name: 'no running ahead of the consumer',
    promise: 'A consumer that takes its time is not overtaken: no page is fetched that nobody has asked for.',
    async body(trial) {
      const { open, service } = await trial.begin({ count: 200 });
      const walk = open();
      await walk.take(1);
      await idle();
      const ahead = service.requests.length - 1;
      await walk.leave();
      if (ahead <= (trial.pager.readAhead ?? 0)) return;
      throw new ConformanceError('wastes', `one item was taken, and it fetched ${ahead} pages ahead`);
    },
  }),

  defineCheck({
    name: 'nothing after a break',
    promise: 'A consumer that leaves is left alone: no request any more, and next() says “done”.',
    async body(trial) {
      const scenario = await trial.begin();
      const walk = scenario.open();
      await walk.take(3);
      await idle();
      await walk.leave();
      await expectNoRequest(scenario, 'after the break', async () => {
        const { done } = await walk.next();
        if (!done) throw new ConformanceError('fails', 'it gave an item after return()');
      });
    },
  }),

  defineCheck({
    name: 'a break while a request hangs',
    promise:
      'return() does not wait for the answer to a request under way, nor does the next() that asked for it.',
    async body(trial) {
      const { open, service } = await trial.begin({ faults: { 2: { kind: 'hang' } }, stopped: true });
      const walk = open();
      await walk.take(10);
      const waiting = walk.ask().catch(() => {});
      await trial.patience.sees(() => service.requests.length > 1);
      await walk.leave();
      await trial.patience.atOnce(waiting, 'the answer to the next() that was left');
    },
  }),

  defineCheck({
    name: 'the request under way cancelled by a break',
    promise: 'A request whose consumer has left is aborted by its signal.',
    needs: ['abort'],
    async body(trial) {
      const { open, service } = await trial.begin({ faults: { 2: { kind: 'hang' } }, stopped: true });
      const walk = open({ signal: new AbortController().signal });
      await walk.take(10);
      walk.ask().catch(() => {});
      await trial.patience.sees(() => service.requests.length > 1);
      // Whether it hangs is another check's business.
      walk.leave().catch(() => {});
      if (!(await trial.patience.sees(() => service.requests[1]?.aborted === true))) {
        throw new ConformanceError('leaks', 'the request is still under way, with nobody to hear the answer');
      }
    },
  }),

  defineCheck({
    name: 'its source closed once',
    promise: 'What a pager reads from is closed when its consumer leaves: by one return(), not by two.',
    needs: ['source'],
    async body(trial) {
      const { open, closings } = await trial.begin();
      const walk = open();
      await walk.take(3);
      if (closings.length === 0) throw new ConformanceError('fails', 'it opened nothing that is watched');
      await walk.leave();
      await walk.next();
      await idle();
      if (closings.at(-1) === 0) throw new ConformanceError('leaks', 'what it reads from is still open');
      const most = Math.max(...closings);
      if (most > 1) throw new ConformanceError('fails', `what it reads from was closed ${most} times`);
    },
  }),

  defineCheck({
    name: 'nothing after the end',
    promise: 'Asked again after the last item, a walk says “done” again and sends nothing.',
    async body(trial) {
      const scenario = await trial.begin();
      const walk = scenario.open();
      await walk.rest();
      await expectNoRequest(scenario, 'after the end', async () => {
        const more = await walk.take(2);
        if (more.length > 0) throw new ConformanceError('repeats', 'it gave items after the end');
      });
    },
  }),
];

async function expectNoRequest({ service }: Scenario, when: string, act: () => Promise<void>): Promise<void> {
  const before = service.requests.length;
  await act();
  await idle();
  const sent = service.requests.length - before;
  if (sent > 0) throw new ConformanceError('wastes', `it sent ${sent} requests ${when}`);
}
