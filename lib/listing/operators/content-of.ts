import { fingerprint } from '../../core/fingerprint.js';
import type { Position } from '../traversal/position.js';

/** What a value contains, to be read later whatever becomes of the value: equal texts mean equal content. */
export type Content = () => string;

/**
 * Keeps the content of a value as it is now. Plain data is copied, which costs a fraction of writing it out, and written
 * out only if it is read; anything else is digested at once. Unreadable content counts as the same every time.
 */
export function contentOf(value: unknown): Content {
  try {
    const copy = copyOf(value, 0);
    if (copy !== NOT_PLAIN) return () => JSON.stringify(copy) ?? 'undefined';
    const digest = fingerprint(value);
    return () => digest;
  } catch {
    return () => 'unreadable';
  }
}

/** The content of a value that an operator has made of items of a page, and the first of them at its position. */
export function contentAt({ page, offset }: Position, content: Content): Content {
  const source = page && offset < page.items.length ? page.keyAt(offset) : '';
  return () => JSON.stringify([source, content()]);
}

const NOT_PLAIN = Symbol('not plain');

/** Deeper than the items of any known API; beyond it may be a value that contains itself. */
const DEEPEST = 32;

function copyOf(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return isJson(value) ? value : NOT_PLAIN;
  if (depth > DEEPEST) return NOT_PLAIN;
  if (Array.isArray(value)) {
    const copy = value.map((inner) => copyOf(inner, depth + 1));
    return copy.includes(NOT_PLAIN) ? NOT_PLAIN : copy;
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? NOT_PLAIN : new Date(value);
  if (Object.getPrototypeOf(value) !== Object.prototype) return NOT_PLAIN;
  const copy: Record<string, unknown> = {};
  for (const name in value) {
    const inner = copyOf(value[name as keyof typeof value], depth + 1);
    if (inner === NOT_PLAIN) return NOT_PLAIN;
    copy[name] = inner;
  }
  return copy;
}

/** Whether JSON tells a primitive from every other. */
function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value === 'string' || typeof value === 'boolean' || value === null || value === undefined;
}
