import { ifReadable } from './if-readable.js';

/**
 * Handles the rejection of a promise that is refused because a value is expected. Unhandled, it would end the process.
 */
export function dropRejection(value: unknown): void {
  if (isPromise(value)) value.catch(() => {});
}

export function isPromise(value: unknown): value is Promise<unknown> {
  if (typeof value !== 'object' || value === null) return false;
  return ifReadable(() => value instanceof Promise) ?? false;
}
