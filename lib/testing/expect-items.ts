import { ConformanceError } from './conformance-error.js';
import type { Pager } from './pager.js';

/** Every item once, and in order unless the pager has another on purpose. */
export function expectItems(pager: Pager, actual: readonly string[], expected: readonly string[]): void {
  expectNobodyMissing(actual, expected);
  expectNobodyTwice(actual);
  const details = { actual, expected };
  const known = new Set(expected);
  const strange = actual.filter((id) => !known.has(id));
  if (strange.length > 0) throw new ConformanceError('fails', `it gave ${name(strange)}`, details);
  if (!pager.unordered && actual.some((id, index) => id !== expected[index])) {
    throw new ConformanceError('reorders', 'the items came out of turn', details);
  }
}

export function expectNobodyMissing(actual: readonly string[], expected: readonly string[]): void {
  const came = new Set(actual);
  const missing = expected.filter((id) => !came.has(id));
  if (missing.length === 0) return;
  const message = `${missing.length} of ${expected.length} items never came: ${name(missing)}`;
  throw new ConformanceError('loses', message, { actual, expected });
}

export function expectNobodyTwice(actual: readonly string[]): void {
  const seen = new Set<string>();
  const twice = actual.filter((id) => seen.size === seen.add(id).size);
  if (twice.length === 0) return;
  throw new ConformanceError('repeats', `${twice.length} items came again: ${name(twice)}`, { actual });
}

function name(ids: readonly string[]): string {
  return ids.length > 3 ? `${ids.slice(0, 3).join(', ')}, …` : ids.join(', ');
}
