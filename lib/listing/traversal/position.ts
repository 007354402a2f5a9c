import type { Cursor, OpenFlatMap, Query } from '../../core/cursor-shape.js';
import { detachedText } from '../../core/detached-text.js';
import type { LoadedPage } from '../pages/loaded-page.js';
import type { PagePlace } from '../pages/page-place.js';

/** A place in a traversal; cheap to take, and made into a cursor only when one is asked for. */
export interface Position {
  readonly place: PagePlace;
  /** The page at this place; undefined if it is not fetched yet. */
  readonly page: LoadedPage<unknown> | undefined;
  /** Items of the page that are acknowledged. */
  readonly offset: number;
  /** Items that this traversal has acknowledged, on all its pages. */
  readonly items: number;
  /** The digests of acknowledged items that have not arrived yet. */
  readonly owed: string;
  /** The cursor the traversal was opened at, until its page is there. */
  readonly from?: Cursor | undefined;
  /** What each counting operator had counted here, by its place in the chain and its name. */
  readonly counts?: Readonly<Record<string, number>> | undefined;
  /** The flatMaps that are within an item here, likewise. */
  readonly flat?: Readonly<Record<string, OpenFlatMap>> | undefined;
}

/** The cursor of a position. */
export function toCursor(
  { place, page, offset, owed, from, counts = {}, flat = {} }: Position,
  { query, chain }: { readonly query: Query; readonly chain: readonly string[] },
): Cursor {
  if (from) return from;
  const { token, cycle, pageSize } = place;
  const seen = (page?.seen(offset) ?? '') + owed;
  const counted = Object.entries(counts).filter(([, count]) => count > 0);
  return {
    version: 2,
    // A cursor may be kept for long, and its page must not be kept with it.
    ...(token !== undefined && { token: detachedText(token) }),
    offset,
    ...(page && offset > 0 && { key: detachedText(page.keyAt(offset - 1)) }),
    ...(seen !== '' && { seen }),
    ...(pageSize !== undefined && { pageSize }),
    ...(counted.length > 0 && { counts: Object.fromEntries(counted) }),
    ...(chain.length > 0 && { chain }),
    ...(Object.keys(flat).length > 0 && { flat }),
    ...(cycle && { cycle }),
    query,
  };
}

/** Whether two positions on fetched pages are the same place; what was counted there may differ. */
export function isSamePlace(one: Position, other: Position): boolean {
  if (one.place !== other.place || one.offset !== other.offset) return false;
  return isSameFlat(one.flat ?? {}, other.flat ?? {});
}

function isSameFlat(one: NonNullable<Position['flat']>, other: NonNullable<Position['flat']>): boolean {
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every(
    (name) => one[name]?.item === other[name]?.item && one[name]?.count === other[name]?.count,
  );
}
