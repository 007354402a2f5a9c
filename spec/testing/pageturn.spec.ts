import { describe, it } from 'vitest';
import { checksFor, type Item, type Pager } from '../../lib/testing/index.js';
import { FEATURES, pageturnPager } from './pageturn-pager.js';

const turns = async <T>(value: T, id: string): Promise<T> => {
  // Different durations, so that they finish out of order.
  for (let turn = 0; turn < id.charCodeAt(id.length - 1) % 4; turn++) await null;
  return value;
};

function* only<T>(value: T): Generator<T> {
  yield value;
}

// A batch is delivered once it is full; five divides the kit's page size of ten.
const pagers: Pager[] = [
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
  pageturnPager('mapAsync', (items) => items.mapAsync((item) => turns(item, item.id), { concurrency: 3 })),
  pageturnPager(
    'mapAsync out of order',
    (items) => items.mapAsync((item) => turns(item, item.id), { concurrency: 3, ordered: false }),
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
        .mapAsync((item) => turns(item, item.id), { concurrency: 3 })
        .batch(5)
        .flatMap((batch) => [...batch])
        .takeWhile(() => true)
        .take(1_000_000)
        .prefetch(1),
    { readAhead: 1 },
  ),
];

for (const pager of pagers) {
  describe(`pageturn: ${pager.name}`, () => {
    for (const check of checksFor(pager)) {
      it(`${pager.name} passes the check "${check.name}"`, () => check.run(pager));
    }
  });
}
