import { START } from './directory.js';
import type { PageRequest } from './operations.js';
import type { Page } from './page-of.js';

/**
 * ListUsers. A token names the last user given, so that users added and removed meanwhile move nobody across it; or,
 * where the sandbox was told so, it counts the users given, and those changes make a walk skip or repeat some.
 */
export function listUsers({ account, instance, after, limit }: PageRequest): Page {
  if (instance !== account.instances[0]) return { items: [], next: undefined };
  const { directory } = account;
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
