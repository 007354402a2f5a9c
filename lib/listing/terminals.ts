import { isPageturnError, PageturnError } from '../core/errors.js';
import { rejectPromise } from './operators/reject-promise.js';
import { NOTHING, type Nothing } from './operators/stage.js';
import type { Traversal } from './traversal/traversal.js';
import { failureAt } from './traversal/traversal-end.js';

export async function toArray<T>(walk: Traversal<T>): Promise<T[]> {
  return whole(walk, async () => {
    const items: T[] = [];
    for await (const chunk of walk.chunks()) for (const item of chunk) items.push(item);
    return items;
  });
}

export async function forEach<T>(
  walk: Traversal<T>,
  action: (value: T, index: number, signal?: AbortSignal) => void | Promise<void>,
  signal: AbortSignal | undefined,
): Promise<void> {
  return closing(walk, async () => {
    let index = 0;
    for await (const item of walk) {
      const done = action(item, index++, signal);
      if (done) await done;
    }
  });
}

/** Without an initial value the first item is the initial value, and an empty listing has no answer. */
export async function reduce<T, A>(
  walk: Traversal<T>,
  reducer: (accumulator: A | T, value: T, index: number) => A,
  initial: readonly A[],
): Promise<A | T> {
  return whole(walk, async () => {
    let accumulator: A | T | Nothing = initial.length > 0 ? (initial[0] as A) : NOTHING;
    let index = 0;
    for await (const chunk of walk.chunks()) {
      for (const item of chunk) {
        if (accumulator === NOTHING) accumulator = item;
        else {
          accumulator = reducer(accumulator, item, index);
          rejectPromise('reduce', accumulator);
        }
        index++;
      }
    }
    if (accumulator !== NOTHING) return accumulator;
    throw new PageturnError(
      'ERR_INVALID_ARGUMENT',
      'the listing is empty, and reduce was given no initial value',
    );
  });
}

type Predicate<T> = (value: T, index: number) => boolean;

export async function some<T>(walk: Traversal<T>, predicate: Predicate<T>): Promise<boolean> {
  return (await first('some', walk, predicate)) !== undefined;
}

export async function every<T>(walk: Traversal<T>, predicate: Predicate<T>): Promise<boolean> {
  return (await first('every', walk, predicate, false)) === undefined;
}

export async function find<T>(walk: Traversal<T>, predicate: Predicate<T>): Promise<T | undefined> {
  return (await first('find', walk, predicate))?.value;
}

/** The first item for which the predicate gives the wanted answer. */
async function first<T>(
  operator: string,
  walk: Traversal<T>,
  predicate: Predicate<T>,
  wanted = true,
): Promise<{ readonly value: T } | undefined> {
  return whole(walk, async () => {
    let index = 0;
    for await (const value of walk) {
      const answer: unknown = predicate(value, index++);
      rejectPromise(operator, answer);
      if (Boolean(answer) === wanted) return { value };
    }
    return undefined;
  });
}

/** An answer over all items cannot be resumed from the middle, so its error carries no cursor. */
async function whole<R>(walk: Traversal<unknown>, work: () => Promise<R>): Promise<R> {
  try {
    return await closing(walk, work);
  } catch (error) {
    throw isPageturnError(error) ? failureAt(undefined, error) : error;
  }
}

/** Closes a traversal whose consumer failed: the caller cannot, because the traversal is created here. */
async function closing<R>(walk: Traversal<unknown>, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    // An error while closing must not hide the one that ended the traversal.
    await walk.return().catch(() => {});
    throw error;
  }
}
