import type { ListedPage } from 'pageturn';

/** What is done with the values, the same for every reader. */
export type Workload = 'pass' | 'steps' | 'ten' | 'flatMap' | 'pages' | 'toArray';

/** One way of reading pages on one workload; resolves to how many values came out. */
export type Task = (pages: Pages) => Promise<number>;

/** What a contender can do. */
export type Tasks = Partial<Record<Workload, Task>>;

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

/** The pages one after the other, as any program walks them that has nothing but the fetch. */
export async function* walk(pages: Pages): AsyncGenerator<readonly Row[]> {
  let token: string | undefined;
  do {
    const page = await pages.fetch(token);
    yield page.items ?? [];
    token = page.next ?? undefined;
  } while (token);
}

export async function drain(values: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const value of values) if (value !== undefined) count++;
  return count;
}

/** filter + map + filter; 5 of 7 items survive. */
export const isKept = (row: Row): boolean => row.id % 7 !== 3;
export const double = (row: Row): number => row.id * 2;
export const isWanted = (value: number): boolean => value % 7 !== 1;

export const VALUES_PER_ITEM = 5;

/** The values a flatMap makes of a row. */
export const expand = ({ id }: Row): number[] => [id, id + 1, id + 2, id + 3, id + 4];
