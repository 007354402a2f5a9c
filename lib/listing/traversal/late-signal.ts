import { onAbort } from '../../core/abort.js';
import type { Clock } from '../../core/clock.js';
import { startTimer } from '../../core/start-timer.js';
import { GRACE_MS } from './within-grace.js';

/** A signal that aborts a second after another one: an abort waits no longer for a store or a destination. */
export interface LateSignal {
  readonly signal: AbortSignal;
  /** Removes the listener and the timer. */
  end(): void;
}

/** For requests that an abort should let end, such as those that clean up. */
export function lateSignal(signal: AbortSignal | undefined, clock: Pick<Clock, 'sleep'>): LateSignal {
  const late = new AbortController();
  let stopTimer = () => {};
  const unlink =
    signal &&
    onAbort(signal, (reason) => {
      stopTimer = startTimer(clock, GRACE_MS, () => late.abort(reason));
    });
  return {
    signal: late.signal,
    end() {
      unlink?.();
      stopTimer();
    },
  };
}
