import { fingerprint } from '../../core/fingerprint.js';

/** The content of a value as text: equal for equal content. JSON where that says everything, and a digest elsewhere. */
export function contentOf(value: unknown): string {
  return isJson(value, 0) ? JSON.stringify(value) : fingerprint(value);
}

/** Deeper than the items of any known API; beyond it may be a value that contains itself. */
const DEEPEST = 32;

function isJson(value: unknown, depth: number): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || depth > DEEPEST) return false;
  if (Array.isArray(value)) return value.every((inner) => isJson(inner, depth + 1));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value instanceof Date;
  for (const name in value) {
    const inner: unknown = value[name as keyof typeof value];
    if (inner !== undefined && !isJson(inner, depth + 1)) return false;
  }
  return true;
}
