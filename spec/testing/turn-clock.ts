import type { Clock } from '../../lib/core/clock.js';

// More turns of the event loop than anything in memory takes.
const TURNS = 100;

/** A clock on which every wait takes a fixed number of turns of the event loop, to detect hangs without real waiting. */
export const turnClock: Clock = {
  now: () => 0,
  async sleep(_ms, signal) {
    for (let turn = 0; turn < TURNS; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    }
  },
};
