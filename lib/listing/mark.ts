import type { Cursor, Query } from '../cursor.js';
import type { LoadedPage } from './loaded-page.js';

/** A page not fetched yet: by its token, or where a cursor left off. */
export interface PageAhead {
  readonly token: string | undefined;
  readonly pageSize: number | undefined;
  readonly from?: Cursor | undefined;
}

/** A place in a traversal; cheap to take, turned into a cursor only when somebody asks for one. */
export interface Mark {
  readonly page: LoadedPage<unknown> | PageAhead;
  /** Items of the page that are done with. */
  readonly offset: number;
  /** What each counting step had counted at this place, by the step's place in the chain and its name. */
  readonly counts: Readonly<Record<string, number>> | undefined;
}

/** The cursor of a place. */
export function toCursor({ page, offset, counts }: Mark, query: Query): Cursor {
  if ('from' in page && page.from) return page.from;
  const { token, pageSize } = page;
  return {
    version: 1,
    ...(token === undefined ? {} : { token }),
    offset,
    ...('items' in page && offset > 0 ? { key: page.keyAt(offset - 1), seen: page.seenBefore(offset) } : {}),
    ...(pageSize === undefined ? {} : { pageSize }),
    ...(counts && Object.keys(counts).length > 0 ? { counts } : {}),
    query,
  };
}

/** Whether two marks are of one place; what was counted there may differ. */
export function isSamePlace(one: Mark, other: Mark): boolean {
  if (one.offset !== other.offset) return false;
  return (
    one.page === other.page ||
    (isAhead(one.page) && isAhead(other.page) && one.page.token === other.page.token)
  );
}

function isAhead(page: Mark['page']): page is PageAhead {
  return !('items' in page);
}
