import type { Clock } from '../../lib/core/clock.js';

// Nobody in memory needs so many turns of the event loop for anything.
const TURNS = 100;

/** A clock on which any wait is so many turns of the event loop: for telling what hangs without waiting in earnest. */
export const turnClock: Clock = {
  now: () => 0,
  async sleep(_ms, signal) {
    for (let turn = 0; turn < TURNS; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    }
  },
};
