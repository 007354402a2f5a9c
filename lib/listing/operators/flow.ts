import type { Mark } from '../traversal/position.js';

/** What a value came of. */
export interface Origin {
  /** The last of it: an item of the page, or what the iterable of a flatMap gave. */
  readonly value: unknown;
  /** The identity of it all, from the item of the page on; made only where somebody asks. */
  key(): string;
}

/** What `poll` answers when no value is at hand; never a value of anybody's. */
export const NOTHING = Symbol('nothing at hand');
export type Nothing = typeof NOTHING;

/**
 * One stage of a traversal: pages, fused steps, or an asynchronous operator, each drawing on the one before it.
 * Values at hand are taken without a promise; only more of them has to be waited for. A flow whose `poll` or
 * `advance` threw stays where it was and may be asked again.
 */
export interface Flow<T> {
  /** Acknowledges the value given before and gives the next one at hand; NOTHING asks for `advance`. */
  poll(): T | Nothing;
  /** As polling until NOTHING, where a flow can do it at once. */
  takeAll?(): readonly T[];
  /** Waits for more. False: there is no more; true: poll again, there may be some. */
  advance(): Promise<boolean>;
  /** Acknowledges the value given before without asking for another. */
  acknowledge(): void;
  /** The place to go on from: in front of the value in hand and of everything unfinished. */
  mark(): Mark;
  /** What the value given last came of; a batch or a page goes by the first that is in it. */
  origin(): Origin;
  /** Lets go of requests, timers and calls under way, keeping the place; their signals abort with the reason. */
  pause(reason?: unknown): void;
  /** Pauses for good, and closes what the caller's own iterables hold. */
  close(reason?: unknown): void;
  /** Whether the end came from a limit such as `take` rather than from the last page. */
  readonly limited: boolean;
  /** Set by the flow downstream: how many more values it is sure to want, Infinity where it sets no limit. */
  demand: () => number;
}

/** Everything at hand in one array; a page at a time this costs no promise per value. */
export function takeAll<T>(flow: Flow<T>): readonly T[] {
  if (flow.takeAll) return flow.takeAll();
  const values: T[] = [];
  for (let value = flow.poll(); value !== NOTHING; value = flow.poll()) values.push(value);
  return values;
}
