import type { Query } from './cursor-shape.js';
import { invalidArgument } from './errors.js';
import { fingerprint } from './fingerprint.js';

/**
 * The query of an operation and its input, as a cursor remembers it. Input fields that are undefined do not count.
 * Throws ERR_INVALID_ARGUMENT for a field that is not plain data, because different values could have the same digest.
 */
export function queryOf(operation: string, input: object = {}): Query {
  const fields = Object.entries(input).filter(([, value]) => value !== undefined);
  for (const [name, value] of fields) assertPlain(value, name, []);
  return {
    operation,
    input: Object.fromEntries(fields.map(([name, value]) => [name, fingerprint(value)]).sort()),
  };
}

function assertPlain(value: unknown, name: string, path: readonly unknown[]): void {
  if (typeof value === 'function' || typeof value === 'symbol') throw notPlain(name, value);
  if (typeof value !== 'object' || value === null || isLeaf(value) || path.includes(value)) return;
  if (!isContainer(value)) throw notPlain(name, value);
  for (const [key, inner] of entriesOf(value)) assertPlain(inner, `${name}.${key}`, [...path, value]);
}

function isLeaf(value: object): boolean {
  return value instanceof Date || ArrayBuffer.isView(value);
}

function isContainer(value: object): boolean {
  if (Array.isArray(value) || value instanceof Map || value instanceof Set) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** By name, or by number where the names are data themselves, which may not stand in a message. */
function entriesOf(value: object): Iterable<readonly [string | number, unknown]> {
  return value instanceof Map || value instanceof Set ? [...value.values()].entries() : Object.entries(value);
}

function notPlain(name: string, value: unknown) {
  return invalidArgument(`the input field ${name}`, 'plain data, for a cursor to recognise its query', value);
}
