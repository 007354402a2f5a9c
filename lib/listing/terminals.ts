import { PageturnError } from '../core/errors.js';
import { rejectPromise } from './operators/reject-promise.js';
import { NOTHING, type Nothing } from './operators/stage.js';
import type { Traversal } from './traversal/traversal.js';

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
  reducer: (accumulator: A, value: T, index: number) => A,
  initial: readonly A[],
): Promise<A> {
  return whole(walk, async () => {
    let accumulator: A | Nothing = initial.length > 0 ? (initial[0] as A) : NOTHING;
    let index = 0;
    for await (const chunk of walk.chunks()) {
      for (const item of chunk) {
        if (accumulator === NOTHING) accumulator = item as unknown as A;
        else {
          accumulator = reducer(accumulator, item, index);
          rejectPromise('reduce', accumulator);
        }
        index++;
      }
    }
    if (accumulator === NOTHING) throw nothingToReduce();
    return accumulator;
  });
}

export async function some<T>(
  walk: Traversal<T>,
  predicate: (value: T, index: number) => boolean,
): Promise<boolean> {
  return (await first('some', walk, predicate)) !== undefined;
}

export async function every<T>(
  walk: Traversal<T>,
  predicate: (value: T, index: number) => boolean,
): Promise<boolean> {
  const refused = await first('every', walk, (value, index) => {
    const answer: unknown = predicate(value, index);
    rejectPromise('every', answer);
    return !answer;
  });
  return refused === undefined;
}

export async function find<T>(
  walk: Traversal<T>,
  predicate: (value: T, index: number) => boolean,
): Promise<T | undefined> {
  return (await first('find', walk, predicate))?.value;
}

async function first<T>(
  operator: string,
  walk: Traversal<T>,
  predicate: (value: T, index: number) => boolean,
): Promise<{ readonly value: T } | undefined> {
  return whole(walk, async () => {
    let index = 0;
    for await (const value of walk) {
      const answer: unknown = predicate(value, index++);
      rejectPromise(operator, answer);
      if (answer) return { value };
    }
    return undefined;
  });
}

/** An answer over all items cannot be resumed from the middle, so its error carries no cursor. */
async function whole<R>(walk: Traversal<unknown>, work: () => Promise<R>): Promise<R> {
  try {
    return await closing(walk, work);
  } catch (error) {
    if (!(error instanceof PageturnError)) throw error;
    const { code, message, cause, attempts } = error;
    throw new PageturnError(code, message, { cause, attempts });
  }
}

/** Leaves a traversal that failed: no one else can close what it holds. */
async function closing<R>(walk: Traversal<unknown>, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    // What an iterable says to being closed is not what went wrong.
    await walk.return().catch(() => {});
    throw error;
  }
}

function nothingToReduce(): PageturnError {
  return new PageturnError(
    'ERR_INVALID_ARGUMENT',
    'the listing is empty, and reduce was given no initial value',
  );
}
