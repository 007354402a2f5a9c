import { invalidArgument } from '../core/errors.js';

/**
 * The items of a scripted service, which can be changed at any time. Positions count from 0 in the current list. A token
 * points after an item rather than to an offset, so a change elsewhere shifts no item across it.
 */
export interface ScriptedDirectory<T> {
  readonly items: readonly T[];
  /** Inserts an item before the one at a position, or at the end. */
  insert(at: number, item: T): void;
  remove(at: number): void;
  /** Replaces an item with another version of it, such as a renamed one. */
  replace(at: number, item: T): void;
}

/** A list entry. It stays linked after its removal, because tokens may point after it. */
export interface Entry<T> {
  item: T | undefined;
  isRemoved: boolean;
  following: Entry<T> | undefined;
}

/** The directory as the scripted service reads it. */
export interface DirectoryPages<T> extends ScriptedDirectory<T> {
  readonly start: Entry<T>;
  /** Up to `limit` items after an entry, the entry of the last one, and whether more follow. */
  read(after: Entry<T>, limit: number): { items: T[]; last: Entry<T>; more: boolean };
}

export function createDirectory<T>(items: readonly T[]): DirectoryPages<T> {
  const start: Entry<T> = { item: undefined, isRemoved: true, following: undefined };
  let last = start;
  for (const item of items) last = link(last, item);

  const at = (position: number): Entry<T> => {
    let remaining = position;
    for (const entry of listed(start)) if (remaining-- === 0) return entry;
    throw invalidArgument('position', 'the position of an item', position);
  };

  return {
    start,
    get items() {
      return [...listed(start)].map((entry) => entry.item as T);
    },
    insert(position, item) {
      link(position === 0 ? start : at(position - 1), item);
    },
    remove(position) {
      at(position).isRemoved = true;
    },
    replace(position, item) {
      at(position).item = item;
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
  const entry = { item, isRemoved: false, following: before.following };
  before.following = entry;
  return entry;
}

function* listed<T>(after: Entry<T>): Generator<Entry<T>> {
  for (let entry = after.following; entry; entry = entry.following) if (!entry.isRemoved) yield entry;
}
