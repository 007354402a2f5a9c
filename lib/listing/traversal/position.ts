import type { Cursor, Query } from '../../core/cursor.js';
import type { DigestLog } from '../pages/digest-log.js';
import type { LoadedPage } from '../pages/loaded-page.js';

/** A page not fetched yet: by its token, or where a cursor left off. */
export interface PageAhead {
  readonly token: string | undefined;
  readonly pageSize: number | undefined;
  readonly from?: Cursor | undefined;
}

/** How far a value that a flatMap opened was given. */
export interface GivenPart {
  /** The flatMap, by its place in the chain. */
  readonly name: string;
  /** Of the value that was opened, with where it came from, and behind it of what came of it. */
  readonly digests: DigestLog<unknown>;
  /** How many of these are done with. */
  readonly count: number;
  /** The digests of what was given before it was opened anew, and has not come again yet. */
  readonly rest: string;
}

/** As a cursor has it. */
export function givenDigests({ digests, count, rest }: GivenPart): string {
  return digests.first(count) + rest;
}

/** A place in a traversal; cheap to take, turned into a cursor only when somebody asks for one. */
export interface Mark {
  readonly page: LoadedPage<unknown> | PageAhead;
  /** Items of the page that are done with. */
  readonly offset: number;
  /** What each counting step had counted at this place, by the step's place in the chain and its name. */
  readonly counts: Readonly<Record<string, number>> | undefined;
  /** What the flatMaps gave of values that are not done with: in work, to be opened again, or not come yet since a resume. */
  readonly given?: readonly GivenPart[] | undefined;
}

/** The cursor of a place. */
export function toCursor({ page, offset, counts, given = [] }: Mark, query: Query): Cursor {
  if ('from' in page && page.from) return page.from;
  const { token, pageSize } = page;
  return {
    version: 1,
    ...(token === undefined ? {} : { token }),
    offset,
    ...('items' in page && offset > 0 ? { key: page.keyAt(offset - 1), seen: page.seenBefore(offset) } : {}),
    ...(pageSize === undefined ? {} : { pageSize }),
    ...(counts && Object.keys(counts).length > 0 ? { counts } : {}),
    ...(given.length > 0
      ? { given: Object.fromEntries(given.map((part) => [part.name, givenDigests(part)])) }
      : {}),
    query,
  };
}

/** Whether two marks are of one place; what was counted there may differ. */
export function isSamePlace(one: Mark, other: Mark): boolean {
  if (one.offset !== other.offset || !isSameGiven(one.given ?? [], other.given ?? [])) return false;
  return (
    one.page === other.page ||
    (isAhead(one.page) && isAhead(other.page) && one.page.token === other.page.token)
  );
}

function isAhead(page: Mark['page']): page is PageAhead {
  return !('items' in page);
}

function isSameGiven(one: readonly GivenPart[], other: readonly GivenPart[]): boolean {
  if (one.length !== other.length) return false;
  return one.every(({ digests, count, rest }, i) => {
    const its = other[i];
    return its?.digests === digests && its.count === count && its.rest === rest;
  });
}
