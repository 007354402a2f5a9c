import { fromPages, type Listing } from 'pageturn';
import { double, drain, expand, isKept, isWanted, type Pages, type Row, type Tasks } from '../workload.js';

export const pageturn: Tasks = {
  pass: (pages) => drain(listing(pages)),
  steps: (pages) => drain(threeOperators(pages)),
  ten: (pages) => drain(tenOperators(pages)),
  flatMap: (pages) => drain(listing(pages).flatMap(expand)),
  pages: async (pages) => {
    let count = 0;
    for await (const { items = [] } of listing(pages).pages())
      for (const row of items) if (row.id >= 0) count++;
    return count;
  },
  toArray: async (pages) => (await listing(pages).toArray()).length,
};

/** What ten operators are measured against. */
export const pageturnThreeOperators: Tasks = { ten: (pages) => drain(threeOperators(pages)) };

const listing = (pages: Pages): Listing<Row> => fromPages(pages.fetch);

const threeOperators = (pages: Pages): Listing<number> =>
  listing(pages).filter(isKept).map(double).filter(isWanted);

/** The three, and seven more that let everything through. */
const tenOperators = (pages: Pages): Listing<number> =>
  threeOperators(pages)
    .map((value) => value + 1)
    .filter((value) => value >= 0)
    .map((value) => value - 1)
    .filter((value) => value % 2 === 0)
    .map((value) => value + 2)
    .filter((value) => value !== -1)
    .map((value) => value - 2);
