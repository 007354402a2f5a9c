import type { Clock } from '../../lib/core/clock.js';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

export interface ManualClock extends Clock {
  /** Lets time pass, from wait to wait, until the work is done; throws if nothing waits for time before that. */
  run<T>(work: Promise<T>): Promise<T>;
  /** Lets this much time pass, from wait to wait. */
  advance(ms: number): Promise<void>;
  /** The number of waits that have not ended. */
  readonly sleepers: number;
}

/** A clock that stands still while there is work to do, then jumps to the end of the shortest wait. */
export function manualClock(): ManualClock {
  const sleepers: Sleeper[] = [];
  let now = 0;

  const leap = () => {
    const [first] = sleepers;
    now = Math.max(now, first?.at ?? now);
    while (sleepers[0] && sleepers[0].at <= now) sleepers.shift()?.wake();
  };

  return {
    now: () => now,
    get sleepers() {
      return sleepers.length;
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const onAbort = () => {
          sleepers.splice(sleepers.indexOf(sleeper), 1);
          reject(signal?.reason);
        };
        const sleeper: Sleeper = {
          at: now + ms,
          wake: () => {
            signal?.removeEventListener('abort', onAbort);
            resolve();
          },
        };
        const later = sleepers.findIndex(({ at }) => at > sleeper.at);
        sleepers.splice(later < 0 ? sleepers.length : later, 0, sleeper);
        signal?.addEventListener('abort', onAbort, { once: true });
      }),
    async run(work) {
      let isDone = false;
      work.then(
        () => (isDone = true),
        () => (isDone = true),
      );
      for (await settle(); !isDone; await settle()) {
        if (sleepers.length === 0)
          throw new Error('the work is not done, but nothing is waiting for time to pass');
        leap();
      }
      return work;
    },
    async advance(ms) {
      const end = now + ms;
      for (await settle(); sleepers[0] && sleepers[0].at <= end; await settle()) leap();
      now = end;
    },
  };
}

/** Resolves when everything that needs no time is done. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
