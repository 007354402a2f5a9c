import type { Clock } from './clock.js';
import { startTimer } from './start-timer.js';

/** Settles as `work` does or, if that takes longer than `ms` milliseconds of the clock, as what `late` returns or throws. */
export async function withinTime<R, L = R>(
  work: Promise<R>,
  {
    clock,
    ms,
    late,
  }: { readonly clock: Pick<Clock, 'sleep'>; readonly ms: number; readonly late: () => L | Promise<L> },
): Promise<R | L> {
  let stopTimer = () => {};
  const timeout = new Promise<void>((resolve) => {
    stopTimer = startTimer(clock, ms, resolve);
  });
  try {
    return await Promise.race([work, timeout.then(late)]);
  } finally {
    stopTimer();
  }
}
