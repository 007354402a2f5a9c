import type { Clock } from './clock.js';

/**
 * Calls `act` after so many milliseconds of the clock, unless the returned function is called before. If the clock fails,
 * it calls `failed` instead.
 */
export function startTimer(
  clock: Pick<Clock, 'sleep'>,
  ms: number,
  act: () => void,
  failed: (error: unknown) => void = () => {},
): () => void {
  const stopped = new AbortController();
  clock.sleep(ms, stopped.signal).then(act, (error: unknown) => {
    if (!stopped.signal.aborted) failed(error);
  });
  return () => stopped.abort(STOPPED);
}

/** One reason for all: by default an abort creates an exception with a stack trace. */
const STOPPED = new Error('the timer was stopped');
