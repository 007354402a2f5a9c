import type { Page } from '../../../lib/core/page.js';
import type { Item } from '../../../lib/testing/index.js';
import { type BrokenPager, broken, loop } from './broken-pager.js';

const swallow = (): Page<Item> => ({ items: [], next: undefined });

export const brokenAtErrors: readonly BrokenPager[] = [
  broken('ends silently on an error', ['a non-retryable error mid-listing', 'loses'], (fetchPage) =>
    loop((token, call) => fetchPage(token, call).catch(swallow)),
  ),

  broken(
    'fails before delivering what it has fetched',
    ['a non-retryable error mid-listing', 'fails'],
    async function* (fetchPage) {
      const all: Item[] = [];
      for await (const item of loop(fetchPage)) all.push(item);
      yield* all;
    },
  ),

  broken(
    'silently restarts after a rejected token',
    ['a rejected token mid-listing', 'repeats'],
    async function* (fetchPage) {
      try {
        yield* loop(fetchPage);
      } catch {
        yield* loop(fetchPage);
      }
    },
  ),

  broken('returns done after an error', ['next() after an error', 'loses'], (fetchPage) => loop(fetchPage)),
];
