import { ConformanceError } from './conformance-error.js';
import { expectNobodyTwice } from './expect-items.js';

interface Outcome {
  readonly ids: readonly string[];
  readonly error?: unknown;
}

/** An error, no end; and in front of it each of the items of the pages before, once. */
export function expectError({ ids: came, error }: Outcome, ids: readonly string[], before: number): void {
  expectNobodyTwice(came);
  if (error === undefined) {
    throw new ConformanceError('loses', `it ended as if ${came.length} of ${ids.length} items were all`);
  }
  const missing = ids.slice(0, before).filter((id) => !came.includes(id));
  if (missing.length === 0) return;
  const message = `the error took ${missing.length} items with it that had come before`;
  throw new ConformanceError('fails', message, { cause: error, actual: came });
}
