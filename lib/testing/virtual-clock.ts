import type { Clock } from '../core/clock.js';

/** Time that passes only while somebody waits for it. */
export interface VirtualClock extends Clock {
  /** How many waits are going on. */
  readonly waiting: number;
}

interface Sleeper {
  readonly dueAt: number;
  readonly wake: () => void;
}

/**
 * A clock for code that takes one: its waits end in the order of their time, one a turn of the event loop, without
 * anybody waiting in earnest. A `stopped` one ends none; they go on until their signal aborts.
 *
 * @example
 * const clock = virtualClock();
 * await clock.sleep(60_000); // at once
 * clock.now(); // 60_000
 */
export function virtualClock({ stopped = false }: { readonly stopped?: boolean } = {}): VirtualClock {
  const sleepers = new Set<Sleeper>();
  let now = 0;
  let isScheduled = false;

  const schedule = () => {
    if (stopped || isScheduled || sleepers.size === 0) return;
    isScheduled = true;
    setImmediate(wakeNext);
  };
  const wakeNext = () => {
    isScheduled = false;
    const [next] = [...sleepers].sort((a, b) => a.dueAt - b.dueAt);
    if (!next) return;
    sleepers.delete(next);
    now = Math.max(now, next.dueAt);
    next.wake();
    schedule();
  };

  return {
    now: () => now,
    get waiting() {
      return sleepers.size;
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const onAbort = () => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const wake = () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        };
        const sleeper = { dueAt: now + ms, wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', onAbort, { once: true });
        schedule();
      }),
  };
}
