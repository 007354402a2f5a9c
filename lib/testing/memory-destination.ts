import type { Destination, DrainPosition } from '../core/destination.js';
import { fencedError, leaseFencedError } from '../core/fenced-error.js';

/** A destination whose rows are in memory, as `memoryDestination` makes it. */
export interface MemoryDestination<T> extends Destination<T> {
  /** The rows of the last run that was finished; undefined before that. */
  readonly published: readonly T[] | undefined;
  /** The rows that an unfinished run has written. */
  readonly unfinished: readonly T[];
  /** The position after them; undefined if there is no unfinished run. */
  readonly position: DrainPosition | undefined;
}

/**
 * A destination that lasts as long as the object: for tests of what you drain, and to read how a destination works. Each
 * row is written once. What was published stays until the next run is finished, and a run that opens it fences off the one
 * before.
 *
 * @example
 * const destination = memoryDestination<UserSummary>();
 * const receipt = await users.drainTo(destination);
 * destination.published; // every user
 */
export function memoryDestination<T>(): MemoryDestination<T> {
  let published: readonly T[] | undefined;
  let unfinished: T[] = [];
  let position: DrainPosition | undefined;
  let lastFence = 0;
  let lastLease = 0;
  let runName: string | undefined;
  /** The name of the finished run that the position belongs to. */
  let finished: string | undefined;

  const assertNotFenced = (fence: number): void => {
    if (fence >= lastFence) return;
    throw fencedError('this destination in memory');
  };
  return {
    target: 'memory',
    promises: 'exactly-once',
    get published() {
      return published;
    },
    get unfinished() {
      return unfinished;
    },
    get position() {
      return finished === undefined ? position : undefined;
    },
    async open(_job, { lease }) {
      if (lease && lease.token < lastLease) throw leaseFencedError('this destination in memory');
      lastLease = lease?.token ?? lastLease;
      runName = lease?.run;
      if (finished !== undefined && finished !== runName) [position, finished] = [undefined, undefined];
      if (finished !== undefined) unfinished = [...(published ?? [])];
      return { fence: ++lastFence, position: structuredClone(position) };
    },
    async write(rows, next) {
      assertNotFenced(next.fence);
      // Rows and position change together: nothing here is asynchronous.
      for (const row of rows) unfinished.push(row);
      position = structuredClone(next);
    },
    async startOver(next) {
      assertNotFenced(next.fence);
      unfinished = [];
      position = structuredClone(next);
    },
    async finish({ fence }) {
      assertNotFenced(fence);
      published = unfinished;
      unfinished = [];
      finished = runName;
      if (runName === undefined) position = undefined;
      return {};
    },
    async close() {},
  };
}
