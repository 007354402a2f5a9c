import { assertBoolean } from '../core/assert-boolean.js';
import { assertKnownOptions } from '../core/assert-known-options.js';
import type { Clock } from '../core/clock.js';

/** A clock whose time only advances to end a wait. */
export interface VirtualClock extends Clock {
  /** The number of pending waits. */
  readonly waiting: number;
}

interface Sleeper {
  readonly dueAt: number;
  readonly wake: () => void;
}

/**
 * A clock for code that takes one. Waits end in time order, one per turn of the event loop, without any real waiting. On
 * a `stopped` clock a wait only ends when its signal aborts. Throws ERR_INVALID_ARGUMENT for unknown options.
 *
 * @example
 * const clock = virtualClock();
 * await clock.sleep(60_000); // at once
 * clock.now(); // 60_000
 */
export function virtualClock(options: { readonly stopped?: boolean } = {}): VirtualClock {
  assertKnownOptions('options of virtualClock', options, ['stopped']);
  const { stopped = false } = options;
  assertBoolean('stopped', stopped);
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
