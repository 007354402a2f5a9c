import { ConformanceError } from './conformance-error.js';
import { expectNoDuplicates } from './expect-items.js';

interface Outcome {
  readonly ids: readonly string[];
  readonly error?: unknown;
}

/** Expects an error rather than an end, and before it the first `count` items, once each. */
export function expectError({ ids: delivered, error }: Outcome, ids: readonly string[], count: number): void {
  expectNoDuplicates(delivered);
  if (error === undefined) {
    throw new ConformanceError(
      'loses',
      `it ended as if ${delivered.length} of ${ids.length} items were complete`,
    );
  }
  const missing = ids.slice(0, count).filter((id) => !delivered.includes(id));
  if (missing.length === 0) return;
  const message = `${missing.length} items fetched before the error were not delivered`;
  throw new ConformanceError('fails', message, { cause: error, actual: delivered });
}
