import type { Item, Pager } from '../../lib/testing/index.js';
import { FEATURES, pageturnPager } from './pageturn-pager.js';

/** A plain listing first, then one with each operator. A batch is delivered once it is full; five divides the kit's page size of ten. */
export const pagers: Pager[] = [
  pageturnPager('a listing'),
  pageturnPager('filter', (items) => items.filter(() => true)),
  pageturnPager('map', (items) => items.map((item) => ({ ...item }))),
  pageturnPager('flatMap', (items, watch) => items.flatMap((item) => watch(only(item))), {
    supports: [...FEATURES, 'source'],
  }),
  pageturnPager('take', (items) => items.take(1_000_000)),
  pageturnPager('drop', (items) => items.drop(0)),
  pageturnPager('takeWhile', (items) => items.takeWhile(() => true)),
  pageturnPager('dropWhile', (items) => items.dropWhile(() => false)),
  pageturnPager('distinctBy', (items) => items.distinctBy(({ id }) => id)),
  pageturnPager('tap', (items) => items.tap(() => {})),
  pageturnPager('pages', (items) => items.pages().flatMap((page) => page.items ?? [])),
  pageturnPager('batch', (items) => items.batch(5).flatMap((batch) => [...batch])),
  pageturnPager('mapAsync', (items) => items.mapAsync((item) => turns(item), { concurrency: 3 })),
  pageturnPager(
    'mapAsync out of order',
    (items) => items.mapAsync((item) => turns(item), { concurrency: 3, ordered: false }),
    { unordered: true },
  ),
  pageturnPager('prefetch', (items) => items.prefetch(2), { readAhead: 2 }),
  pageturnPager(
    'all of them together',
    (items) =>
      items
        .filter(() => true)
        .distinctBy(({ id }) => id)
        .drop(0)
        .dropWhile(() => false)
        .map((item): Item => ({ ...item }))
        .tap(() => {})
        .mapAsync((item) => turns(item), { concurrency: 3 })
        .batch(5)
        .flatMap((batch) => [...batch])
        .takeWhile(() => true)
        .take(1_000_000)
        .prefetch(1),
    { readAhead: 1 },
  ),
];

async function turns(item: Item): Promise<Item> {
  // Different durations, so that they finish out of order.
  for (let turn = 0; turn < item.id.charCodeAt(item.id.length - 1) % 4; turn++) await null;
  return item;
}

function* only<T>(value: T): Generator<T> {
  yield value;
}
