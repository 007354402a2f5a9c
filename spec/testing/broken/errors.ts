import type { Page } from '../../../lib/core/page.js';
import type { Item } from '../../../lib/testing/index.js';
import { type BrokenPager, broken, loop } from './broken-pager.js';

const swallow = (): Page<Item> => ({ items: [], next: undefined });

export const brokenAtErrors: readonly BrokenPager[] = [
  broken('ends in silence where it fails', ['a final error in the middle', 'loses'], (fetchPage) =>
    loop((token, call) => fetchPage(token, call).catch(swallow)),
  ),

  broken(
    'fails before it has given what it has',
    ['a final error in the middle', 'fails'],
    async function* (fetchPage) {
      const all: Item[] = [];
      for await (const item of loop(fetchPage)) all.push(item);
      yield* all;
    },
  ),

  broken(
    'begins anew where a token is refused',
    ['a refused token in the middle', 'repeats'],
    async function* (fetchPage) {
      try {
        yield* loop(fetchPage);
      } catch {
        yield* loop(fetchPage);
      }
    },
  ),

  broken('says “done” after an error', ['next() after an error', 'loses'], (fetchPage) => loop(fetchPage)),
];
