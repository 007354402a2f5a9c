import type { Predicate } from './conditions.js';
import { type Directory, START } from './directory.js';
import type { PageRequest } from './operation.js';
import type { Page } from './page-of.js';
import { parseUserSearch } from './parse-user-search.js';
import type { User } from './user.js';

/**
 * SearchUsers: scans the whole directory, at about five microseconds per user if there are criteria. The total is
 * counted once for all pages.
 */
export function searchUsers({ instance, input, after, limit }: PageRequest): Page {
  if (!instance) return { items: [], next: undefined };
  const matches = parseUserSearch(input, instance.ids);
  const { directory } = instance;
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

/** Unlike DescribeUser, the search returns the after-contact time in milliseconds, and no e-mail, mobile or modification data. */
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

/** The latest count per directory, so that all pages of one search share it. */
const counts = new WeakMap<Directory, Count>();

function countMatches(
  directory: Directory,
  matches: Predicate<User> | undefined,
  { SearchCriteria, SearchFilter }: PageRequest['input'],
): number {
  if (!matches) return directory.size;
  const query = JSON.stringify([SearchCriteria, SearchFilter]);
  const cached = counts.get(directory);
  if (cached?.query === query && cached.version === directory.version) return cached.total;
  let total = 0;
  for (const key of directory.keysAfter(START)) if (matches(directory.details(key))) total++;
  counts.set(directory, { version: directory.version, query, total });
  return total;
}
