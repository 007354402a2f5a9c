import { invalidArgument } from './errors.js';

/** Throws ERR_INVALID_ARGUMENT unless an option is a boolean. */
export function assertBoolean(name: string, value: unknown): asserts value is boolean {
  if (typeof value !== 'boolean') throw invalidArgument(name, 'true or false', value);
}
