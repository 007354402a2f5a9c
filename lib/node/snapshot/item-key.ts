import { PageturnError } from '../../core/errors.js';
import { checkedKey, identifierOf, type KeyCallback, type KeyOf } from '../../core/identity.js';

/**
 * The key of an item in a snapshot: what the caller's `key` returns, or the item's identifier. A digest of the content,
 * which is enough for a cursor, would show an item that changed as one removed and another added.
 */
export function itemKey<T>(key: KeyCallback<T> | undefined): KeyOf<T> {
  return key === undefined ? requiredIdentifier : checkedKey(key);
}

function requiredIdentifier(item: unknown): string {
  const identifier = identifierOf(item);
  if (identifier !== undefined) return identifier;
  throw new PageturnError(
    'ERR_INVALID_ARGUMENT',
    'an item has no usable Id, Arn, id or arn to recognise it by in the next snapshot; pass the option key',
  );
}
