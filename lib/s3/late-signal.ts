import { onAbort } from '../core/abort.js';
import type { Clock } from '../core/clock.js';
import { GRACE_MS } from '../listing/traversal/within-grace.js';

/** A signal that aborts a second after another one: a drain waits no longer for a call of its destination. */
export interface LateSignal {
  readonly signal: AbortSignal;
  /** Removes the listener and the timer. */
  end(): void;
}

/** For requests that an abort should let end, because they tell what has to be cleaned up, or clean up. */
export function lateSignal(signal: AbortSignal, clock: Clock): LateSignal {
  const late = new AbortController();
  const ended = new AbortController();
  const unlink = onAbort(signal, (reason) => {
    clock.sleep(GRACE_MS, ended.signal).then(
      () => late.abort(reason),
      () => {},
    );
  });
  return {
    signal: late.signal,
    end() {
      unlink();
      ended.abort();
    },
  };
}
