import { defineCheck } from '../conformance-check.js';
import { watchLeftovers } from '../leftovers.js';
import { idle } from '../patience.js';
import type { Scenario, Trial } from '../trial.js';

export const leftoverChecks = [
  defineCheck({
    name: 'nothing left behind',
    promise: 'No timer and no unhandled rejection outlives a walk, be it finished, left, failed or aborted.',
    async body(trial) {
      for (const end of ENDINGS) {
        const leftovers = watchLeftovers();
        await leftovers.expectNone(await end(trial));
      }
    },
  }),
];

/** The ways a walk may end. */
const ENDINGS: readonly ((trial: Trial) => Promise<Scenario>)[] = [
  async (trial) => {
    const scenario = await trial.begin();
    await scenario.open().rest();
    return scenario;
  },
  async (trial) => {
    const scenario = await trial.begin({ faults: { 2: { kind: 'error' } } });
    const walk = scenario.open();
    // One that reads ahead may have met the error by then.
    await walk.take(3).catch(() => {});
    await walk.leave();
    return scenario;
  },
  async (trial) => {
    const scenario = await trial.begin({ faults: { 2: { kind: 'error' } } });
    await scenario.open().untilError();
    return scenario;
  },
  async (trial) => {
    const scenario = await trial.begin({ faults: { 2: { kind: 'hang' } }, stopped: true });
    if (!trial.pager.offers.includes('abort')) return scenario;
    const abort = new AbortController();
    const walk = scenario.open({ signal: abort.signal });
    await walk.take(10);
    const waiting = walk.ask().catch(() => {});
    await idle();
    abort.abort(new Error('enough'));
    // Whether it ends at all is another check's business.
    await trial.patience.atOnce(waiting, 'the end after the abort').catch(() => {});
    return scenario;
  },
];
