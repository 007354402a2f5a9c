import type { Position } from '../traversal/position.js';
import type { Content } from './content-of.js';

/** What a stage returns when it has no value ready; never a value itself. */
export const NOTHING = Symbol('nothing is ready');
export type Nothing = typeof NOTHING;

/** How much more a consumer is sure to want; Infinity if it sets no limit. */
export interface Wanted {
  readonly values: number;
  readonly pages: number;
}

/** Wanted by a consumer without a limit. */
export const EVERYTHING: Wanted = { values: Number.POSITIVE_INFINITY, pages: Number.POSITIVE_INFINITY };

/**
 * One stage of a traversal: pages, fused operators, or an asynchronous operator. Each reads from the one before it.
 * Values that are ready are taken without a promise; only `advance` is awaited. A stage that threw keeps its place and
 * may be called again.
 */
export interface Stage<T> {
  /** Acknowledges the previous value and takes the next one that is ready; after NOTHING, call `advance`. */
  acknowledgeAndTake(): T | Nothing;
  /** Takes everything that is ready, acknowledging all but the last, if a stage can do that at once. */
  acknowledgeAndTakeAll?(): readonly T[];
  /** Acknowledges the previous value without taking another. */
  acknowledge(): void;
  /** Waits for more values, of which this many are sure to be wanted. False if there are no more. */
  advance(wanted: Wanted): Promise<boolean>;
  /** Where to resume: before the current value and everything unfinished, or `after` the current value. */
  position(after?: boolean): Position;
  /** How the current value is recognised in another run. */
  contentOf(value: T): Content;
  /** Closes open iterables of the caller, and keeps the position. */
  close(): void;
  /** Whether the end came from a limit such as `take` rather than from the last page. */
  readonly isLimited: boolean;
  /** Whether values come in the order of the listing, so that the position tells which item a value came from. */
  readonly isOrdered: boolean;
}

/** Everything that is ready, in one array: a page at a time costs no promise per value. */
export function acknowledgeAndTakeAll<T>(stage: Stage<T>): readonly T[] {
  if (stage.acknowledgeAndTakeAll) return stage.acknowledgeAndTakeAll();
  const values: T[] = [];
  for (let value = stage.acknowledgeAndTake(); value !== NOTHING; value = stage.acknowledgeAndTake()) {
    values.push(value);
  }
  return values;
}
