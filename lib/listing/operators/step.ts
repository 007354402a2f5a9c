/** One operator of a running traversal. */
export interface Op {
  readonly apply: (value: never, index: number) => unknown;
  /** Takes back the last application, when a later operator threw and the value will come again. */
  readonly undo?: () => void;
}

/** What the fused loop lends an operator for one traversal. */
export interface Slot {
  /** A number that is part of the cursor, so that a resumed traversal goes on counting. */
  count: number;
  /** Ends the traversal at a limit: with the value in work ('after'), or without it ('before'). */
  readonly limit: (when: 'before' | 'after') => void;
}

/** An operator of a listing; every traversal starts its own. */
export interface Step {
  readonly name: string;
  /** keep: the answer says whether the value goes on; map: the answer goes on; flat: each value of it does. */
  readonly kind: 'keep' | 'map' | 'flat';
  /** Whether its count belongs into the cursor. */
  readonly counts?: boolean;
  /** How many more values it is sure to want; only for an operator that sets a limit. */
  readonly wants?: (count: number) => number;
  readonly start: (slot: Slot) => Op;
}
