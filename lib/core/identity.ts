import { fingerprint } from './fingerprint.js';

/** The identity of an item: what tells it from every other item of the listing, whatever else of it changes. */
export type KeyOf<T> = (item: T) => string;

/** The key where the caller names none: the item's own identifier, else its content. */
export function defaultKey(item: unknown): string {
  if (typeof item !== 'object' || item === null) return String(item);
  const { Id, Arn, id, arn } = item as Record<string, unknown>;
  const named = [Id, Arn, id, arn].find((value) => typeof value === 'string' || typeof value === 'number');
  return named === undefined ? fingerprint(item) : String(named);
}
