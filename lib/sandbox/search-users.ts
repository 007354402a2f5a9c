import type { Directory } from './directory.js';
import { START } from './directory.js';
import type { PageRequest } from './operations.js';
import type { Page } from './page-of.js';
import { parseSearch } from './search-criteria.js';
import type { User } from './user-factory.js';

/**
 * SearchUsers: a walk over the whole directory, which takes some five microseconds a user when there are criteria; its
 * total is counted once for all pages.
 */
export function searchUsers({ account, instance, input, after, limit }: PageRequest): Page {
  const matches = parseSearch(input);
  const { directory } = account;
  if (instance !== account.instances[0])
    return { items: [], next: undefined, extras: { ApproximateTotalCount: 0 } };
  const extras = { ApproximateTotalCount: countMatches(directory, matches, input) };
  const items: object[] = [];
  let last = START;
  for (const key of directory.keysAfter(after ?? START)) {
    const user = directory.details(key);
    if (matches && !matches(user)) continue;
    if (items.length === limit) return { items, next: last, extras };
    items.push(toRow(user));
    last = key;
  }
  return { items, next: undefined, extras };
}

/** The search answers the after-contact time in milliseconds, and neither e-mail, mobile nor times of modification. */
function toRow({ LastModifiedTime, LastModifiedRegion, ...user }: User): object {
  const { FirstName, LastName } = user.IdentityInfo;
  const AfterContactWorkTimeLimit = user.PhoneConfig.AfterContactWorkTimeLimit * 1000;
  return {
    ...user,
    IdentityInfo: { FirstName, LastName },
    PhoneConfig: { ...user.PhoneConfig, AfterContactWorkTimeLimit },
  };
}

interface Count {
  readonly version: number;
  readonly query: string;
  readonly total: number;
}

/** The last count of each directory: the pages of one search ask for the same one. */
const counts = new WeakMap<Directory, Count>();

function countMatches(
  directory: Directory,
  matches: ((user: User) => boolean) | undefined,
  { SearchCriteria, SearchFilter }: PageRequest['input'],
): number {
  if (!matches) return directory.size;
  const query = JSON.stringify([SearchCriteria, SearchFilter]);
  const known = counts.get(directory);
  if (known?.query === query && known.version === directory.version) return known.total;
  let total = 0;
  for (const key of directory.keysAfter(START)) if (matches(directory.details(key))) total++;
  counts.set(directory, { version: directory.version, query, total });
  return total;
}
