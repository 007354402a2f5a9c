import { START } from './directory.js';
import type { PageRequest } from './operation.js';
import type { Page } from './page-of.js';

/**
 * ListUsers. By default a token names the last user returned, so users added or removed in the meantime shift nothing.
 * With offset tokens it counts the users returned, and such changes make a listing skip or repeat users.
 */
export function listUsers({ account, instance, after, limit }: PageRequest): Page {
  if (!instance) return { items: [], next: undefined };
  const { directory } = instance;
  const byOffset = account.userTokens === 'offset';
  const from = byOffset && after !== undefined ? directory.keyAt(after) : (after ?? START);
  const items: object[] = [];
  let last = from;
  for (const key of directory.keysAfter(from)) {
    if (items.length === limit) return { items, next: byOffset ? (after ?? 0) + limit : last };
    items.push(directory.summary(key));
    last = key;
  }
  return { items, next: undefined };
}
