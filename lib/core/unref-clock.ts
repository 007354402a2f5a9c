import { onAbort } from './abort.js';
import type { Clock } from './clock.js';

/** Waits that do not keep the process running: the heartbeat of a lock that is never released must not. */
export const unrefClock: Pick<Clock, 'sleep'> = {
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer: unknown = setTimeout(resolve, ms);
      if (hasUnref(timer)) timer.unref();
      if (signal) {
        onAbort(signal, (reason) => {
          clearTimeout(timer as ReturnType<typeof setTimeout>);
          reject(reason);
        });
      }
    }),
};

/** A timer of a browser is a number. */
function hasUnref(timer: unknown): timer is { unref(): void } {
  return typeof timer === 'object';
}
