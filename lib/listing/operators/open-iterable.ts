import { PageturnError } from '../../core/errors.js';
import { NOTHING, type Nothing } from './stage.js';

// Engines inline a constant of this module, but look up an imported one at every use.
const NONE: Nothing = NOTHING;

/** An iterable that a flatMap opened: its values enter the chain at the operator behind it. */
export interface OpenIterable {
  /** An array is read by index, which saves an iterator result per value. */
  readonly values: Iterator<unknown> | readonly unknown[];
  /** How many values of an array are read, and how many it had when it was opened. */
  index: number;
  readonly length: number;
  readonly entry: number;
  /** How many of its values are acknowledged. */
  acknowledged: number;
  /** Whether the value taken last is not acknowledged yet: it is being processed, or with the consumer. */
  isOpen: boolean;
  /** What the operators had counted in front of that value. */
  countsBefore: readonly number[];
  isDone: boolean;
}

export function openIterable(values: OpenIterable['values'], entry: number): OpenIterable {
  const length = isArray(values) ? values.length : 0;
  return { values, index: 0, length, entry, acknowledged: 0, isOpen: false, countsBefore: [], isDone: false };
}

/** The next value of an iterable; NOTHING if it is done. Throws if an array is longer or shorter than it was. */
export function nextValue(iterable: OpenIterable): unknown {
  const { values, length } = iterable;
  if (isArray(values)) {
    if (values.length !== length) throw changedArray();
    iterable.isDone = iterable.index >= length;
    return iterable.isDone ? NONE : values[iterable.index++];
  }
  const next = values.next();
  iterable.isDone = next.done === true;
  return iterable.isDone ? NONE : next.value;
}

/** How many values are acknowledged, by the place of the flatMap; `after`: once the value taken last is. */
export function acknowledgedOf(iterables: readonly OpenIterable[], after: boolean): Map<number, number> {
  const innermost = iterables.at(-1);
  return new Map(
    iterables.map((iterable) => {
      const isNext = after && iterable === innermost && iterable.isOpen;
      return [iterable.entry - 1, iterable.acknowledged + Number(isNext)];
    }),
  );
}

/** Closes the iterables, the innermost first, and empties the list. Returns what they threw. */
export function closeIterables(iterables: OpenIterable[]): readonly unknown[] {
  return iterables
    .splice(0)
    .reverse()
    .flatMap(({ values, isDone }) => {
      try {
        if (!isDone && !isArray(values)) values.return?.();
        return [];
      } catch (error) {
        return [error];
      }
    });
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
