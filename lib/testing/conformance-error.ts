/**
 * What a pager did instead of keeping a promise.
 * - `loses`: items never came, and nothing said so.
 * - `repeats`, `reorders`: items came twice, or out of turn.
 * - `fails`: it gave up, or gave another error than it should.
 * - `loops`: it would have gone on asking for ever.
 * - `hangs`: nothing came, and nothing would have.
 * - `leaks`: a request, a timer, a listener or a rejection outlived it.
 * - `wastes`: it sent requests nobody needed.
 * - `mutates`: it wrote into what belongs to the caller.
 */
export type Failing =
  | 'loses'
  | 'repeats'
  | 'reorders'
  | 'fails'
  | 'loops'
  | 'hangs'
  | 'leaks'
  | 'wastes'
  | 'mutates';

/** A promise that was not kept; `expected` and `actual` are for test runners that show the difference. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError';
  readonly failing: Failing;
  readonly expected: unknown;
  readonly actual: unknown;

  constructor(failing: Failing, message: string, { cause, expected, actual }: ConformanceDetails = {}) {
    super(`${failing}: ${message}`, cause === undefined ? undefined : { cause });
    this.failing = failing;
    this.expected = expected;
    this.actual = actual;
  }
}

interface ConformanceDetails {
  readonly cause?: unknown;
  readonly expected?: unknown;
  readonly actual?: unknown;
}
