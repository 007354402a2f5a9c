import { invalidArgument } from '../core/errors.js';

/**
 * What a scripted service lists; may be changed at any time. Places are counted from 0 in the list as it is at the
 * moment. A token stands behind an item, not at a number: a change elsewhere shifts nobody across it.
 */
export interface ScriptedDirectory<T> {
  readonly items: readonly T[];
  /** Puts an item in front of the one that stands at a place, or at the end. */
  insert(at: number, item: T): void;
  remove(at: number): void;
  /** Puts another version of an item in its place: a rename, say. */
  replace(at: number, item: T): void;
}

/** A place between two items that outlives both. */
export interface Entry<T> {
  item: T | undefined;
  /** Removed: no longer listed, though tokens may still stand behind it. */
  gone: boolean;
  following: Entry<T> | undefined;
}

/** The directory as the service reads it. */
export interface DirectoryPages<T> extends ScriptedDirectory<T> {
  readonly start: Entry<T>;
  /** Up to `limit` items behind an entry, the entry of the last of them, and whether more follow. */
  read(after: Entry<T>, limit: number): { items: T[]; last: Entry<T>; more: boolean };
}

export function createDirectory<T>(items: readonly T[]): DirectoryPages<T> {
  const start: Entry<T> = { item: undefined, gone: true, following: undefined };
  let last = start;
  for (const item of items) last = link(last, item);

  const at = (place: number): Entry<T> => {
    let left = place;
    for (const entry of listed(start)) if (left-- === 0) return entry;
    throw invalidArgument('place', 'the place of an item', place);
  };

  return {
    start,
    get items() {
      return [...listed(start)].map((entry) => entry.item as T);
    },
    insert(place, item) {
      link(place === 0 ? start : at(place - 1), item);
    },
    remove(place) {
      at(place).gone = true;
    },
    replace(place, item) {
      at(place).item = item;
    },
    read(after, limit) {
      const page: T[] = [];
      let end = after;
      for (const entry of listed(after)) {
        if (page.length === limit) return { items: page, last: end, more: true };
        page.push(entry.item as T);
        end = entry;
      }
      return { items: page, last: end, more: false };
    },
  };
}

function link<T>(before: Entry<T>, item: T): Entry<T> {
  const entry = { item, gone: false, following: before.following };
  before.following = entry;
  return entry;
}

function* listed<T>(after: Entry<T>): Generator<Entry<T>> {
  for (let entry = after.following; entry; entry = entry.following) if (!entry.gone) yield entry;
}
