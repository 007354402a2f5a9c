import { setImmediate } from 'node:timers/promises';
import { getHeapSpaceStatistics } from 'node:v8';
import { expect, it } from 'vitest';
import type { Pacer } from '../../lib/core/pacer.js';
import { fromPages } from '../../lib/from-pages.js';
import type { Listing } from '../../lib/listing/listing.js';
import { garbageCollector } from '../support/collect-garbage.js';
import { nowhere } from '../support/nowhere.js';

const PAGES = 20;
const PAGE_BYTES = 500_000;
/** A collection of the young generation moves what has survived one before. */
const COLLECTIONS = 3;

interface Row {
  readonly id: string;
}

/** How many bytes of each page are left to a full collection, if the quota holds each request up for a while. */
async function leftByEachPage(
  take: (rows: Listing<Row>, signal: AbortSignal) => Promise<unknown>,
): Promise<number> {
  const gc = garbageCollector();
  const end = new AbortController();
  let [pages, bytesBefore] = [0, 0];
  const grants: (() => void)[] = [];
  const pacer: Pacer = {
    ratePerSecond: 1,
    acquire: () => new Promise((resolve) => grants.push(() => resolve({ settle: async () => {} }))),
  };
  const fetchPage = async (token = '0') => {
    pages++;
    const items = Array.from({ length: 500 }, (_, n) => ({ id: `${token} ${n} `.padEnd(1_000, '.') }));
    return { items, next: String(pages) };
  };
  const taken = take(fromPages<Row>(fetchPage, { pace: pacer }), end.signal).catch((error: unknown) => error);
  for (let round = 0; round < PAGES; round++) {
    while (grants.length === 0) await setImmediate();
    for (let n = 0; n < COLLECTIONS; n++) gc({ type: 'minor' });
    if (round === 2) {
      gc({ type: 'major' });
      bytesBefore = oldBytes();
    }
    grants.shift()?.();
  }
  while (grants.length === 0) await setImmediate();
  for (let n = 0; n < COLLECTIONS; n++) gc({ type: 'minor' });
  const left = oldBytes() - bytesBefore;
  end.abort(new Error('over'));
  expect(await taken).toEqual(new Error('over'));
  expect(pages).toBe(PAGES);
  return left / (PAGES - 2);
}

/** What is in the old generation. */
function oldBytes(): number {
  return getHeapSpaceStatistics()
    .filter(({ space_name: name }) => name === 'old_space' || name === 'large_object_space')
    .reduce((sum, { space_used_size: bytes }) => sum + bytes, 0);
}

it.each<[string, (rows: Listing<Row>, signal: AbortSignal) => Promise<unknown>]>([
  [
    'a loop',
    async (rows, signal) => {
      for (const walk = rows.open({ signal }); !(await walk.next()).done; );
    },
  ],
  ['a drain', (rows, signal) => rows.drainTo(nowhere, { signal, batch: 500 })],
])(
  '%s that waits long for the quota leaves its pages to the collection of the young generation',
  async (_, take) => {
    expect(await leftByEachPage(take)).toBeLessThan(PAGE_BYTES / 4);
  },
);
