import type { CheckRun, ScenarioOptions } from './check-run.js';
import { ConformanceError } from './conformance-error.js';
import type { Pager } from './pager.js';

/** Expects a new scenario's listing to deliver every item. */
export async function expectAll(run: CheckRun, options: ScenarioOptions): Promise<void> {
  const { ids, open } = await run.createScenario({ maxRequests: 100, ...options });
  expectItems(run.pager, await open().rest(), ids);
}

/** Expects every item once, in order unless the pager is unordered by design. */
export function expectItems(pager: Pager, actual: readonly string[], expected: readonly string[]): void {
  expectNoneMissing(actual, expected);
  expectNoDuplicates(actual);
  const details = { actual, expected };
  const known = new Set(expected);
  const unknown = actual.filter((id) => !known.has(id));
  if (unknown.length > 0) throw new ConformanceError('fails', `unknown items: ${name(unknown)}`, details);
  if (!pager.unordered && actual.some((id, index) => id !== expected[index])) {
    throw new ConformanceError('reorders', 'the items came in the wrong order', details);
  }
}

export function expectNoneMissing(actual: readonly string[], expected: readonly string[]): void {
  const delivered = new Set(actual);
  const missing = expected.filter((id) => !delivered.has(id));
  if (missing.length === 0) return;
  const message = `${missing.length} of ${expected.length} items are missing: ${name(missing)}`;
  throw new ConformanceError('loses', message, { actual, expected });
}

export function expectNoDuplicates(actual: readonly string[]): void {
  const seen = new Set<string>();
  const duplicates = actual.filter((id) => seen.size === seen.add(id).size);
  if (duplicates.length === 0) return;
  const message = `${duplicates.length} items came more than once: ${name(duplicates)}`;
  throw new ConformanceError('repeats', message, { actual });
}

function name(ids: readonly string[]): string {
  return ids.length > 3 ? `${ids.slice(0, 3).join(', ')}, …` : ids.join(', ');
}
