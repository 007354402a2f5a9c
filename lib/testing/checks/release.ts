import type { Scenario } from '../check-run.js';
import { defineCheck } from '../conformance-check.js';
import { ConformanceError } from '../conformance-error.js';
import { settle } from '../timeouts.js';

export const releaseChecks = [
  defineCheck({
    name: 'no request before the first next()',
    guarantee: 'Opening a walk sends nothing until the first next().',
    async body(run) {
      const { open, service } = await run.createScenario();
      const walk = open();
      await settle();
      if (service.requests.length > 0)
        throw new ConformanceError('wastes', 'it sent a request before next()');
      await walk.take(1);
      await walk.stop();
    },
  }),

  defineCheck({
    name: 'no fetching ahead of the consumer',
    guarantee: 'No page is fetched before a slow consumer asks for its items.',
    async body(run) {
      const { open, service } = await run.createScenario({ count: 200 });
      const walk = open();
      await walk.take(1);
      await settle();
      const ahead = service.requests.length - 1;
      await walk.stop();
      if (ahead <= (run.pager.readAhead ?? 0)) return;
      throw new ConformanceError('wastes', `it fetched ${ahead} pages ahead after one item`);
    },
  }),

  defineCheck({
    name: 'no request after a break',
    guarantee: 'After a break nothing is sent and next() returns done.',
    async body(run) {
      const scenario = await run.createScenario();
      const walk = scenario.open();
      await walk.take(3);
      await settle();
      await walk.stop();
      await expectNoRequest(scenario, 'after the break', async () => {
        const { done } = await walk.next();
        if (!done) throw new ConformanceError('fails', 'it delivered an item after return()');
      });
    },
  }),

  defineCheck({
    name: 'a break while a request hangs',
    guarantee: 'Neither return() nor the pending next() waits for the answer to a request that hangs.',
    async body(run) {
      const { open, service } = await run.createScenario({ faults: { 2: { kind: 'hang' } }, stopped: true });
      const walk = open();
      await walk.take(10);
      const waiting = walk.nextUnguarded().catch(() => {});
      await run.timeouts.becomesTrue(() => service.requests.length > 1);
      await walk.stop();
      await run.timeouts.promptly(waiting, 'the end of the pending next()');
    },
  }),

  defineCheck({
    name: 'a break cancels the pending request',
    guarantee: 'A break aborts the pending request through its signal.',
    requires: ['abort'],
    async body(run) {
      const { open, service } = await run.createScenario({ faults: { 2: { kind: 'hang' } }, stopped: true });
      const walk = open({ signal: new AbortController().signal });
      await walk.take(10);
      walk.nextUnguarded().catch(() => {});
      await run.timeouts.becomesTrue(() => service.requests.length > 1);
      // Another check tests whether it hangs.
      walk.stop().catch(() => {});
      if (!(await run.timeouts.becomesTrue(() => service.requests[1]?.aborted === true))) {
        throw new ConformanceError('leaks', 'the request is still pending');
      }
    },
  }),

  defineCheck({
    name: 'its source is closed once',
    guarantee: 'A break closes the iterator a pager reads from with exactly one return().',
    requires: ['source'],
    async body(run) {
      const { open, closings } = await run.createScenario();
      const walk = open();
      await walk.take(3);
      if (closings.length === 0) throw new ConformanceError('fails', 'it opened no watched iterator');
      await walk.stop();
      await walk.next();
      await settle();
      if (closings.at(-1) === 0) throw new ConformanceError('leaks', 'its source is still open');
      const most = Math.max(...closings);
      if (most > 1) throw new ConformanceError('fails', `its source was closed ${most} times`);
    },
  }),

  defineCheck({
    name: 'no item or request after the end',
    guarantee: 'After the last item, next() keeps returning done and sends nothing.',
    async body(run) {
      const scenario = await run.createScenario();
      const walk = scenario.open();
      await walk.rest();
      await expectNoRequest(scenario, 'after the end', async () => {
        const more = await walk.take(2);
        if (more.length > 0) throw new ConformanceError('repeats', 'it delivered items after the end');
      });
    },
  }),
];

async function expectNoRequest({ service }: Scenario, when: string, act: () => Promise<void>): Promise<void> {
  const before = service.requests.length;
  await act();
  await settle();
  const sent = service.requests.length - before;
  if (sent > 0) throw new ConformanceError('wastes', `it sent ${sent} requests ${when}`);
}
