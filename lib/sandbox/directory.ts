import { invalidArgument } from '../core/errors.js';
import type { Ids } from './ids.js';
import type { User, UserChange, UserFactory, UserSummary } from './user-factory.js';

/** A user as a client of the service sees it. */
export interface SandboxUser {
  readonly Id: string;
  readonly Arn: string;
  readonly Username: string;
  readonly LastModifiedTime?: Date;
  readonly LastModifiedRegion?: string;
}

/**
 * The users of the sandbox, to look at and to change while somebody walks through them. Changes cost memory, users do
 * not. The time of a change is counted from 2026, one second a change: the same changes give the same directory.
 */
export interface SandboxDirectory {
  readonly size: number;
  /**
   * Adds a user and returns it. `Username` is made up where it is not given, and not checked for being unique.
   * `place` is where the user stands in the list: at its start, its end (the default), or behind another user and
   * those who were put there before.
   */
  insert(user?: { readonly Username?: string }, place?: UserPlace): SandboxUser;
  /** Takes the user out. Throws ERR_INVALID_ARGUMENT where there is none with this Id; so does `rename`. */
  remove(id: string): void;
  /** Changes the user name and the time of the last modification, not the place in the list. */
  rename(id: string, username: string): SandboxUser;
  find(id: string): SandboxUser | undefined;
  /** All users in the order of the list. Take a copy (`[...users()]`) before changing any. */
  users(): Generator<SandboxUser, void, undefined>;
}

export type UserPlace = 'start' | 'end' | { readonly after: string };

/** What the operations need beside. */
export interface Directory extends SandboxDirectory {
  /** Grows with every change. */
  readonly version: number;
  /** The keys of the users behind a key, in the order of the list. Keys only ever grow along the list. */
  keysAfter(key: number): Generator<number, void, undefined>;
  /** The key behind which the list goes on after so many users. */
  keyAt(offset: number): number;
  summary(key: number): UserSummary;
  details(key: number): User;
  keyOf(id: string): number | undefined;
}

/** Before all users. */
export const START = Number.NEGATIVE_INFINITY;

/**
 * The key of a user who was there from the start is its number. One who came later stands behind one of those, a
 * fraction further: how many came before, over 2^20. Both fit a double exactly.
 */
const FRACTION = 2 ** 20;
const FIRST_CHANGE = Date.UTC(2026, 0, 1) / 1000;

export function createDirectory(seeded: number, ids: Ids, factory: UserFactory): Directory {
  const removed: number[] = []; // sorted keys of seeded users
  const gone = new Set<number>(); // the same, to ask quickly
  const inserted: number[] = []; // sorted keys of those who are still there
  const indexes = new Map<number, number>(); // key -> index of inserted users
  const keys = new Map<number, number>(); // and back
  const changes = new Map<number, UserChange>(); // by index
  let insertions = 0;
  let version = 0;

  const indexOf = (key: number) => indexes.get(key) ?? key;
  const summary = (key: number) => factory.summary(indexOf(key), changes.get(indexOf(key)));
  const change = (index: number, edit: { readonly Username?: string }) => {
    version++;
    changes.set(index, { ...edit, modifiedAt: FIRST_CHANGE + version });
  };
  const keyOf = (id: string) => {
    const index = ids.indexOf('user', id);
    if (index === undefined) return undefined;
    if (index >= seeded) return keys.get(index);
    return gone.has(index) ? undefined : index;
  };
  const mustFind = (id: string) => {
    const key = keyOf(id);
    if (key === undefined) throw invalidArgument('id', 'the Id of a user in the directory', id);
    return key;
  };
  const anchorOf = (place: UserPlace) => {
    if (place === 'start') return -1;
    return place === 'end' ? seeded - 1 : Math.floor(mustFind(place.after));
  };
  const countThrough = (key: number) =>
    Math.max(0, Math.min(seeded, Math.floor(key) + 1)) - rank(removed, key) + rank(inserted, key);

  function* keysAfter(after: number): Generator<number, void, undefined> {
    let next = Math.max(0, Math.floor(after) + 1);
    for (let n = rank(inserted, after); n <= inserted.length; n++) {
      const guest = inserted[n] ?? seeded;
      for (; next < Math.min(guest, seeded); next++) if (!gone.has(next)) yield next;
      if (n < inserted.length) yield guest;
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
      const key = mustFind(id);
      version++;
      changes.delete(indexOf(key));
      if (Number.isInteger(key)) {
        removed.splice(rank(removed, key), 0, key);
        gone.add(key);
        return;
      }
      inserted.splice(rank(inserted, key) - 1, 1);
      keys.delete(indexOf(key));
      indexes.delete(key);
    },
    rename(id, username) {
      const key = mustFind(id);
      change(indexOf(key), { Username: username });
      return toPublic(summary(key));
    },
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
        if (countThrough(middle) <= offset) low = middle;
        else high = middle;
      }
      // `low` is the last whole key with at most `offset` users up to it; those inserted behind it make up the rest.
      const missing = offset - countThrough(low);
      return missing === 0 ? low : (inserted[rank(inserted, low) + missing - 1] ?? high);
    },
    summary,
    details: (key) => factory.details(indexOf(key), changes.get(indexOf(key))),
    keyOf,
  };
}

/** How many of the sorted numbers are not above `key`. */
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
