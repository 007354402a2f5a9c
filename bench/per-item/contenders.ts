import { Readable } from 'node:stream';
import { from } from 'ix/asynciterable';
import { concatMap, filter as ixFilter, map as ixMap } from 'ix/asynciterable/operators';
import { fromPages, type Listing } from 'pageturn';
import { filter, flatten, map, pipeline } from 'streaming-iterables';
import { HandWritten } from './hand-written.js';
import { double, isKept, isWanted, type Pages, type Row } from './workload.js';

export type Task = (pages: Pages) => Promise<number>;

/** What each way of reading pages does, by workload; each answers how many values came out. */
export const contenders: Record<string, Partial<Record<Workload, Task>>> = {
  'nested loops': {
    pass: (pages) => loopOverPages(pages, () => true),
    steps: (pages) => loopOverPages(pages, (row) => isKept(row) && isWanted(double(row))),
    pages: (pages) => loopOverPages(pages, (row) => row.id >= 0),
    toArray: async (pages) => {
      const rows: Row[] = [];
      for await (const page of walk(pages)) for (const row of page) rows.push(row);
      return rows.length;
    },
  },
  'hand-written iterator': {
    pass: (pages) => drain(new HandWritten(pages.fetch, (row) => row)),
    steps: (pages) =>
      drain(
        new HandWritten(pages.fetch, (row) => {
          if (!isKept(row)) return undefined;
          const value = double(row);
          return isWanted(value) ? value : undefined;
        }),
      ),
  },
  pageturn: {
    pass: (pages) => drain(listing(pages)),
    steps: (pages) => drain(listing(pages).filter(isKept).map(double).filter(isWanted)),
    ten: (pages) => drain(ten(listing(pages))),
    pages: async (pages) => {
      let count = 0;
      for await (const { items } of listing(pages).pages()) for (const row of items) if (row.id >= 0) count++;
      return count;
    },
    toArray: async (pages) => (await listing(pages).toArray()).length,
  },
  'pageturn, three operators': {
    ten: (pages) => drain(listing(pages).filter(isKept).map(double).filter(isWanted)),
  },
  'async generator': {
    pass: (pages) => drain(rowsOf(pages)),
    steps: (pages) => drain(keep(change(keep(rowsOf(pages), isKept), double), isWanted)),
  },
  ix: {
    pass: (pages) => drain(from(walk(pages)).pipe(concatMap((page) => page))),
    steps: (pages) =>
      drain(
        from(walk(pages)).pipe(
          concatMap((page) => page),
          ixFilter(isKept),
          ixMap(double),
          ixFilter(isWanted),
        ),
      ),
  },
  'pageturn, ix operators': {
    steps: (pages) => drain(listing(pages).pipe(ixFilter(isKept), ixMap(double), ixFilter(isWanted))),
  },
  'streaming-iterables': {
    pass: (pages) => drain(flatten(walk(pages))),
    steps: (pages) =>
      drain(pipeline(() => flatten(walk(pages)), filter(isKept), map(double), filter(isWanted))),
  },
  'Node streams': {
    pass: (pages) => drain(Readable.from(rowsOf(pages))),
    steps: (pages) => drain(Readable.from(rowsOf(pages)).filter(isKept).map(double).filter(isWanted)),
  },
};

export const workloads = ['pass', 'steps', 'ten', 'pages', 'toArray'] as const;
export type Workload = (typeof workloads)[number];

const listing = (pages: Pages): Listing<Row> => fromPages(pages.fetch);

/** The three steps, and seven more that let everything through. */
function ten(rows: Listing<Row>): Listing<number> {
  return rows
    .filter(isKept)
    .map(double)
    .filter(isWanted)
    .map((value) => value + 1)
    .filter((value) => value >= 0)
    .map((value) => value - 1)
    .filter((value) => value % 2 === 0)
    .map((value) => value + 2)
    .filter((value) => value !== -1)
    .map((value) => value - 2);
}

async function drain(values: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const value of values) if (value !== undefined) count++;
  return count;
}

async function* walk(pages: Pages): AsyncGenerator<readonly Row[]> {
  let token: string | undefined;
  do {
    const page = await pages.fetch(token);
    yield page.items;
    token = page.next ?? undefined;
  } while (token);
}

async function loopOverPages(pages: Pages, isCounted: (row: Row) => boolean): Promise<number> {
  let count = 0;
  let token: string | undefined;
  do {
    const page = await pages.fetch(token);
    for (const row of page.items) if (isCounted(row)) count++;
    token = page.next ?? undefined;
  } while (token);
  return count;
}

async function* rowsOf(pages: Pages): AsyncGenerator<Row> {
  for await (const page of walk(pages)) for (const row of page) yield row;
}

async function* keep<T>(values: AsyncIterable<T>, isGood: (value: T) => boolean): AsyncGenerator<T> {
  for await (const value of values) if (isGood(value)) yield value;
}

async function* change<T, R>(values: AsyncIterable<T>, mapper: (value: T) => R): AsyncGenerator<R> {
  for await (const value of values) yield mapper(value);
}
