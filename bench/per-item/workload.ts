import type { ListedPage } from 'pageturn';

/** A small object, as a summary of a list operation is. */
export interface Row {
  readonly id: number;
  readonly name: string;
}

/** Pages in memory: what is measured is the way from the page to the consumer. */
export interface Pages {
  readonly all: readonly (readonly Row[])[];
  fetch(token: string | undefined): Promise<ListedPage<Row>>;
}

export function makePages(items: number, pageSize: number): Pages {
  const all: Row[][] = [];
  for (let first = 0; first < items; first += pageSize) {
    all.push(Array.from({ length: pageSize }, (_, i) => ({ id: first + i, name: `user-${first + i}` })));
  }
  return {
    all,
    fetch: async (token) => {
      const at = token === undefined ? 0 : Number(token);
      return { items: all[at] as Row[], next: at + 1 < all.length ? String(at + 1) : undefined };
    },
  };
}

/** filter + map + filter; 5 of 7 items survive. */
export const isKept = (row: Row): boolean => row.id % 7 !== 3;
export const double = (row: Row): number => row.id * 2;
export const isWanted = (value: number): boolean => value % 7 !== 1;
