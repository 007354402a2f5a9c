import { invalidArgument } from './errors.js';

/** Throws ERR_INVALID_ARGUMENT unless an argument is a number of milliseconds, Infinity included. */
export function assertDuration(name: string, value: unknown): asserts value is number {
  if (typeof value === 'number' && value >= 0) return;
  throw invalidArgument(name, 'a number of milliseconds from 0', value);
}
