import type { Clock } from './clock.js';
import { invalidArgument } from './errors.js';

/** Throws ERR_INVALID_ARGUMENT unless an option is a clock, or undefined. */
export function assertClock(clock: unknown): asserts clock is Clock | undefined {
  if (clock === undefined) return;
  const { now, sleep } = Object(clock) as Partial<Clock>;
  if (typeof now === 'function' && typeof sleep === 'function') return;
  throw invalidArgument('clock', 'an object with now and sleep', clock);
}
