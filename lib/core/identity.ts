import { callingBack } from './callback-error.js';
import { canonical, isCode, isPlainObject } from './canonical.js';
import { invalidArgument, PageturnError } from './errors.js';
import { digest } from './fingerprint.js';

/** The identity of an item: distinguishes it from every other item of the listing, even after it has changed. */
export type KeyOf<T> = (item: T) => string;

/** A caller's `key` function. A number or a bigint counts as the string it prints as. */
export type KeyCallback<T> = (item: T) => string | number | bigint;

/**
 * The key of an item when the caller passes no `key`: its identifier, or a digest of its content if it has none. Throws
 * ERR_INVALID_ARGUMENT for an item without either, which would look like every other one.
 */
export function defaultKey(item: unknown): string {
  const identifier = identifierOf(item);
  if (identifier !== undefined) return identifier;
  const content = canonical(item);
  if (content === '{}' ? !isPlainObject(item as object) : isCode(item)) {
    const expected = 'plain data, or have an identifier; pass the option key';
    throw invalidArgument('an item', expected, item);
  }
  return digest(content).toString(36);
}

/** {@link defaultKey}, for items of which a member may not be readable. */
export function readableKey(item: unknown): string {
  try {
    return defaultKey(item);
  } catch (cause) {
    throw new PageturnError('ERR_PAGE_INVALID', 'an item has no readable key; pass the option key', {
      cause,
    });
  }
}

/**
 * The identifier of an item: its `Id`, `Arn`, `id` or `arn`, the first that is usable, or the item itself if it is a
 * string or a number. Undefined if it has none.
 */
export function identifierOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return toKey(item);
  const { Id, Arn, id, arn } = item as Record<string, unknown>;
  return toKey(Id) ?? toKey(Arn) ?? toKey(id) ?? toKey(arn);
}

/**
 * Wraps a caller's `key` function: the result throws ERR_INVALID_ARGUMENT for a return value that cannot be a key, and
 * ERR_CALLBACK_FAILED when `key` throws. Throws ERR_INVALID_ARGUMENT at once if `key` is not a function.
 */
export function checkedKey<T>(key: KeyCallback<T>): KeyOf<T> {
  if (typeof key !== 'function') throw invalidArgument('key', 'a function from an item to its identity', key);
  return (item) => {
    const value: unknown = callingBack('key', () => key(item));
    const usable = toKey(value);
    if (usable === undefined) throw invalidArgument('what key returns', EXPECTED, value);
    return usable;
  };
}

const EXPECTED = 'a non-empty string, a bigint, or a finite number up to Number.MAX_SAFE_INTEGER';

/** Undefined for a value that different items could share. */
function toKey(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'bigint') return String(value);
  // JSON.parse rounds larger numbers, so that neighbouring identifiers become one.
  return typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? String(value) : undefined;
}
