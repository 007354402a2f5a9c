/**
 * How a pager breaks a guarantee.
 * - `loses`: items are missing, without an error.
 * - `repeats`, `reorders`: items come more than once, or in the wrong order.
 * - `fails`: it fails needlessly, or with the wrong error.
 * - `loops`: it would send requests forever.
 * - `hangs`: nothing happens, and nothing would.
 * - `leaks`: a request, timer, listener or rejection outlives it.
 * - `wastes`: it sends unnecessary requests.
 * - `mutates`: it changes the caller's objects.
 */
export type Violation =
  | 'loses'
  | 'repeats'
  | 'reorders'
  | 'fails'
  | 'loops'
  | 'hangs'
  | 'leaks'
  | 'wastes'
  | 'mutates';

/** A broken guarantee; test runners show the difference between `expected` and `actual`. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError';
  readonly violation: Violation;
  readonly expected: unknown;
  readonly actual: unknown;

  constructor(violation: Violation, message: string, { cause, expected, actual }: ConformanceDetails = {}) {
    super(`${violation}: ${message}`, cause === undefined ? undefined : { cause });
    this.violation = violation;
    this.expected = expected;
    this.actual = actual;
  }
}

interface ConformanceDetails {
  readonly cause?: unknown;
  readonly expected?: unknown;
  readonly actual?: unknown;
}
