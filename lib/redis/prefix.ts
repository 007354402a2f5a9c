import { invalidArgument } from '../core/errors.js';

/** What the keys in Redis begin with by default. */
export const DEFAULT_PREFIX = 'pageturn:';

/** Throws ERR_INVALID_ARGUMENT for anything but a text. */
export function assertPrefix(prefix: unknown): void {
  if (typeof prefix !== 'string') throw invalidArgument('prefix', "a text such as 'pageturn:'", prefix);
}
