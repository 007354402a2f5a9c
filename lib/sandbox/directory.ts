import { invalidArgument } from '../core/errors.js';
import type { Ids } from './ids.js';
import { RESOURCES } from './resources.js';
import type { SandboxDirectory, SandboxUser, UserEdit, UserPlace } from './sandbox-directory.js';
import type { User, UserChange, UserSummary } from './user.js';
import type { UserFactory } from './user-factory.js';

/** The directory as the operations see it. */
export interface Directory extends SandboxDirectory {
  /** Incremented by every change. */
  readonly version: number;
  /** The keys of the users after a key, in list order. Keys increase along the list. */
  keysAfter(key: number): Generator<number, void, undefined>;
  /** The key after which the list continues once `offset` users have been returned. */
  keyAt(offset: number): number;
  summary(key: number): UserSummary;
  details(key: number): User;
  keyOf(id: string): number | undefined;
}

/** The position before all users. */
export const START = Number.NEGATIVE_INFINITY;

/**
 * A seeded user's key is its number. An inserted user's key is the number of the seeded user it follows plus a
 * fraction: the count of insertions so far, divided by 2^20. A double holds both exactly.
 */
const FRACTION = 2 ** 20;
const FIRST_CHANGE = Date.UTC(2026, 0, 1) / 1000;

export function createDirectory(seeded: number, ids: Ids, factory: UserFactory): Directory {
  const removed: number[] = []; // sorted keys of removed seeded users
  const removedKeys = new Set<number>(); // the same keys, for fast lookups
  const inserted: number[] = []; // sorted keys of inserted users, without removed ones
  const indexes = new Map<number, number>(); // key -> index, of inserted users
  const keys = new Map<number, number>(); // index -> key, of inserted users
  const changes = new Map<number, UserChange>(); // by index
  let insertions = 0;
  let version = 0;

  const indexOf = (key: number) => indexes.get(key) ?? key;
  const summary = (key: number) => factory.summary(indexOf(key), changes.get(indexOf(key)));
  const change = (index: number, edit: UserEdit) => {
    version++;
    changes.set(index, { ...changes.get(index), ...edit, modifiedAt: FIRST_CHANGE + version });
  };
  const keyOf = (id: string) => {
    const index = ids.indexOf('user', id);
    if (index === undefined) return undefined;
    if (index >= seeded) return keys.get(index);
    return removedKeys.has(index) ? undefined : index;
  };
  const requireKey = (id: string) => {
    const key = keyOf(id);
    if (key === undefined) throw invalidArgument('id', 'the Id of a user in the directory', id);
    return key;
  };
  const update = (id: string, edit: UserEdit) => {
    const key = requireKey(id);
    assertEdit(edit);
    change(indexOf(key), edit);
    return toPublic(summary(key));
  };
  const anchorOf = (place: UserPlace) => {
    if (place === 'start') return -1;
    return place === 'end' ? seeded - 1 : Math.floor(requireKey(place.after));
  };
  const countUpTo = (key: number) =>
    Math.max(0, Math.min(seeded, Math.floor(key) + 1)) - rank(removed, key) + rank(inserted, key);

  function* keysAfter(after: number): Generator<number, void, undefined> {
    let next = Math.max(0, Math.floor(after) + 1);
    for (let n = rank(inserted, after); n <= inserted.length; n++) {
      const nextInserted = inserted[n] ?? seeded;
      for (; next < Math.min(nextInserted, seeded); next++) if (!removedKeys.has(next)) yield next;
      if (n < inserted.length) yield nextInserted;
    }
  }

  return {
    get size() {
      return seeded - removed.length + inserted.length;
    },
    get version() {
      return version;
    },
    insert(user = {}, place = 'end') {
      if (insertions === FRACTION - 1)
        throw invalidArgument('insert', `called fewer than ${FRACTION} times`, insertions);
      const index = seeded + insertions;
      const key = anchorOf(place) + ++insertions / FRACTION;
      inserted.splice(rank(inserted, key), 0, key);
      indexes.set(key, index);
      keys.set(index, key);
      change(index, user);
      return toPublic(summary(key));
    },
    remove(id) {
      const key = requireKey(id);
      version++;
      changes.delete(indexOf(key));
      if (Number.isInteger(key)) {
        removed.splice(rank(removed, key), 0, key);
        removedKeys.add(key);
        return;
      }
      inserted.splice(rank(inserted, key) - 1, 1);
      keys.delete(indexOf(key));
      indexes.delete(key);
    },
    rename(id, username) {
      return update(id, { Username: username });
    },
    update,
    find(id) {
      const key = keyOf(id);
      return key === undefined ? undefined : toPublic(summary(key));
    },
    *users() {
      for (const key of keysAfter(START)) yield toPublic(summary(key));
    },
    keysAfter,
    keyAt(offset) {
      let [low, high] = [-2, seeded];
      while (high - low > 1) {
        const middle = Math.floor((low + high) / 2);
        if (countUpTo(middle) <= offset) low = middle;
        else high = middle;
      }
      // `low` is the last whole key with at most `offset` users up to it; users inserted after it make up the rest.
      const missing = offset - countUpTo(low);
      return missing === 0 ? low : (inserted[rank(inserted, low) + missing - 1] ?? high);
    },
    summary,
    details: (key) => factory.details(indexOf(key), changes.get(indexOf(key))),
    keyOf,
  };
}

function assertEdit(edit: UserEdit): void {
  for (const [name, value] of Object.entries(edit)) {
    if (!EDITABLE.includes(name)) throw invalidArgument('edit', `an object of ${EDITABLE.join(', ')}`, name);
    if (typeof value !== 'string') throw invalidArgument(`edit.${name}`, 'a string', value);
  }
  const { RoutingProfileName: profile } = edit;
  if (profile !== undefined && !RESOURCES.routingProfile.includes(profile))
    throw invalidArgument(
      'edit.RoutingProfileName',
      'the name of a routing profile of the instance',
      profile,
    );
}

const EDITABLE: readonly string[] = ['Username', 'FirstName', 'LastName', 'RoutingProfileName'];

/** How many of the sorted numbers are at most `key`. */
function rank(sorted: readonly number[], key: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function toPublic({ LastModifiedTime, ...user }: UserSummary): SandboxUser {
  return LastModifiedTime === undefined
    ? user
    : { ...user, LastModifiedTime: new Date(LastModifiedTime * 1000) };
}
