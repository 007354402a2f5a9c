/** A synchronous operator while one traversal runs. */
export interface Op {
  /** Called with every value that reaches the operator; `kind` of the step says what the result means. */
  readonly apply: (value: never, index: number) => unknown;
  /** Reverts the last `apply`: an operator after this one threw, so the same value will come again. */
  readonly undo?: () => void;
}

/** What a traversal gives to each of its operators. */
export interface Slot {
  /** What the operator has counted so far. If the step `counts`, cursors contain it and a resumed traversal starts with it. */
  count: number;
  /**
   * Ends the traversal, because the operator wants no more values. 'after': the value being processed is the last one.
   * 'before': it is not delivered, and the next run begins with it.
   */
  readonly limit: (when: 'before' | 'after') => void;
}

/** A synchronous operator of a listing, such as `filter`. It has no state: each traversal starts its own `Op`. */
export interface Step {
  readonly name: string;
  /** What the result of `apply` means. keep: whether the value is passed on. map: the value to pass on instead. */
  readonly kind: 'keep' | 'map';
  /** Whether cursors contain what it has counted. */
  readonly counts?: boolean;
  /** Whether it passes every value on unchanged: the chain in a cursor leaves it out. */
  readonly isTransparent?: boolean;
  /** How many more values it accepts, given what it has counted: no more pages are fetched ahead than these need. */
  readonly wants?: (count: number) => number;
  readonly start: (slot: Slot) => Op;
  /** The step that takes its place in a drain, where a limit counts over all runs. */
  readonly ofJob?: Step;
}
