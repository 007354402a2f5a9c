import { PageturnError } from '../../core/errors.js';
import { rejectPromise } from './reject-promise.js';
import { NOTHING, type Nothing } from './stage.js';

// Engines inline a constant of this module, but look up an imported one at every use.
const NONE: Nothing = NOTHING;

/** What the callback of a flatMap returned, while its values are taken. */
export interface OpenIterable {
  /** An array is read by index, which saves an iterator result per value. */
  readonly values: Iterator<unknown> | readonly unknown[];
  /** How many values of an array are read, and how many it had when it was opened. */
  index: number;
  readonly length: number;
  isDone: boolean;
}

export function openIterable(returned: unknown): OpenIterable {
  const values = valuesOf(returned);
  return { values, index: 0, length: isArray(values) ? values.length : 0, isDone: false };
}

/** The next value; NOTHING if there is none. Throws if an array is longer or shorter than it was. */
export function nextValue(iterable: OpenIterable): unknown {
  const { values, length } = iterable;
  if (isArray(values)) {
    if (values.length !== length) throw changedArray();
    return iterable.index < length ? values[iterable.index++] : NONE;
  }
  const next = values.next();
  iterable.isDone = next.done === true;
  return iterable.isDone ? NONE : next.value;
}

export function closeIterable({ values, isDone }: OpenIterable): void {
  if (!isDone && !isArray(values)) values.return?.();
}

/** An array as it is; of any other iterable its iterator. */
function valuesOf(returned: unknown): OpenIterable['values'] {
  rejectPromise('flatMap', returned);
  if (Array.isArray(returned) && returned[Symbol.iterator] === Array.prototype[Symbol.iterator]) {
    return returned;
  }
  // A string is refused, as the TC39 helpers refuse it: its letters are hardly ever meant.
  if (typeof returned === 'object' && returned !== null && Symbol.iterator in returned) {
    const iterator: unknown = (returned as Iterable<unknown>)[Symbol.iterator]();
    if (isIterator(iterator)) return iterator;
  }
  throw new PageturnError(
    'ERR_INVALID_ARGUMENT',
    'the callback of flatMap must return an iterable, such as an array',
  );
}

/** What is left of such an array is not what was to come: values would be lost or repeated. */
function changedArray(): PageturnError {
  return new PageturnError(
    'ERR_INVALID_ARGUMENT',
    'the array that the callback of flatMap returned changed while its values were read; return a copy of it',
  );
}

function isArray(values: OpenIterable['values']): values is readonly unknown[] {
  return Array.isArray(values);
}

function isIterator(value: unknown): value is Iterator<unknown> {
  return typeof value === 'object' && value !== null && 'next' in value && typeof value.next === 'function';
}
