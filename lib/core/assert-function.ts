import { invalidArgument } from './errors.js';

/** Throws ERR_INVALID_ARGUMENT unless an argument is a function. */
export function assertFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw invalidArgument(name, 'a function', value);
}
