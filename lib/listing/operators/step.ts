/** One operator of a running traversal. */
export interface Op {
  readonly apply: (value: never, index: number) => unknown;
  /** Takes back the last application, when a later operator threw and the value will come again. */
  readonly undo?: () => void;
}

/** What an operator is lent for one traversal. */
export interface Slot {
  /** A number that is part of the cursor, so that a resumed traversal continues counting. */
  count: number;
  /** Ends the traversal at a limit: with the value being processed ('after'), or without it ('before'). */
  readonly limit: (when: 'before' | 'after') => void;
}

/** A synchronous operator of a listing; every traversal starts its own. */
export interface Step {
  readonly name: string;
  /** keep: the answer says whether the value passes; map: the answer passes; flat: each value of it does. */
  readonly kind: 'keep' | 'map' | 'flat';
  /** Whether its count belongs in the cursor. */
  readonly counts?: boolean;
  /** Whether it changes nothing, so that a cursor need not know of it. */
  readonly isTransparent?: boolean;
  /** How many more values it is sure to want; only for an operator that sets a limit. */
  readonly wants?: (count: number) => number;
  readonly start: (slot: Slot) => Op;
  /** The operator of a job that ends once, however many runs it takes, if that is another one. */
  readonly ofJob?: Step;
}
