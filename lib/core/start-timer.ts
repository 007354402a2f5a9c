import type { Clock } from './clock.js';

/**
 * Calls `act` after so many milliseconds of the clock, unless the returned function is called before. A clock that fails
 * never calls it.
 */
export function startTimer(clock: Pick<Clock, 'sleep'>, ms: number, act: () => void): () => void {
  const stopped = new AbortController();
  clock.sleep(ms, stopped.signal).then(act, () => {});
  return () => stopped.abort(STOPPED);
}

/** One reason for all: by default an abort creates an exception with a stack trace. */
const STOPPED = new Error('the timer was stopped');
