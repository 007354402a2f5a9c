import { ifReadable } from './if-readable.js';

/** Keeps a promise that is refused where a value is due from ending the process: nothing else handles its rejection. */
export function dropRejection(value: unknown): void {
  if (isPromise(value)) value.catch(() => {});
}

export function isPromise(value: unknown): value is Promise<unknown> {
  return ifReadable(() => value instanceof Promise) ?? false;
}
