import type { CheckRun, Scenario } from '../check-run.js';
import { defineCheck } from '../conformance-check.js';
import { watchLeaks } from '../leak-watch.js';
import { settle } from '../timeouts.js';

export const leakChecks = [
  defineCheck({
    name: 'no leaked timer or rejection',
    guarantee:
      'No timer or unhandled rejection outlives a walk, whether it finishes, stops, fails or is aborted.',
    async body(run) {
      for (const end of ENDINGS) {
        const leaks = watchLeaks();
        await leaks.expectNone(await end(run));
      }
    },
  }),
];

/** The ways a walk can end. */
const ENDINGS: readonly ((run: CheckRun) => Promise<Scenario>)[] = [
  async (run) => {
    const scenario = await run.createScenario();
    await scenario.open().rest();
    return scenario;
  },
  async (run) => {
    const scenario = await run.createScenario({ faults: { 2: { kind: 'error' } } });
    const walk = scenario.open();
    // A pager that reads ahead may already have met the error.
    await walk.take(3).catch(() => {});
    await walk.stop();
    return scenario;
  },
  async (run) => {
    const scenario = await run.createScenario({ faults: { 2: { kind: 'error' } } });
    await scenario.open().untilError();
    return scenario;
  },
  async (run) => {
    const scenario = await run.createScenario({ faults: { 2: { kind: 'hang' } }, stopped: true });
    if (!run.pager.supports.includes('abort')) return scenario;
    const abort = new AbortController();
    const walk = scenario.open({ signal: abort.signal });
    await walk.take(10);
    const waiting = walk.nextUnguarded().catch(() => {});
    await settle();
    abort.abort(new Error('enough'));
    // Another check tests whether it ends at all.
    await run.timeouts.promptly(waiting, 'the end after the abort').catch(() => {});
    return scenario;
  },
];
