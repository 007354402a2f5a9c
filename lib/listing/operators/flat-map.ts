import { PageturnError } from '../../core/errors.js';
import { rejectPromise } from './reject-promise.js';
import type { Step } from './step.js';

export function flatMap<T, R>(mapper: (value: T, index: number) => Iterable<R>): Step {
  return {
    name: 'flatMap',
    kind: 'flat',
    start: () => ({ apply: (value: T, index: number) => valuesOf(mapper(value, index)) }),
  };
}

/** An array as it is, which is read by its index; of any other iterable its iterator. */
function valuesOf(values: unknown): Iterator<unknown> | readonly unknown[] {
  rejectPromise('flatMap', values);
  if (Array.isArray(values) && values[Symbol.iterator] === Array.prototype[Symbol.iterator]) return values;
  // A string is refused, as the TC39 helpers refuse it: its letters are hardly ever meant.
  if (typeof values === 'object' && values !== null && Symbol.iterator in values) {
    const iterator: unknown = (values as Iterable<unknown>)[Symbol.iterator]();
    if (isIterator(iterator)) return iterator;
  }
  throw new PageturnError(
    'ERR_INVALID_ARGUMENT',
    'the callback of flatMap must return an iterable, such as an array',
  );
}

function isIterator(value: unknown): value is Iterator<unknown> {
  return typeof value === 'object' && value !== null && 'next' in value && typeof value.next === 'function';
}
