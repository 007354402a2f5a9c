import type { FetchPage, Page } from '../../../lib/page.js';
import { type Item, ScriptedServiceError } from '../../../lib/testing/index.js';
import { type BrokenPager, broken, loop } from './broken-pager.js';

const swallow = (): Page<Item> => ({ items: [] });

/** Fetches again up to a number of times whatever the error is, or as long as it is of one kind. */
function again(
  fetchPage: FetchPage<Item>,
  tries: number,
  isWorthIt: (error: unknown) => boolean,
): FetchPage<Item> {
  return async (token, call) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await fetchPage(token, call);
      } catch (error) {
        if (attempt === tries || !isWorthIt(error)) throw error;
      }
    }
  };
}

const isThrottle = (error: unknown) =>
  error instanceof ScriptedServiceError && error.$metadata.httpStatusCode === 429;

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

  broken('tries once', ['a throttle', 'fails'], (fetchPage) => loop(fetchPage), 'retry'),

  broken(
    'tries three times',
    ['twelve throttles in a row', 'fails'],
    (fetchPage) => loop(again(fetchPage, 3, () => true)),
    'retry',
  ),

  broken(
    'knows throttles only',
    ['a lost connection, a 500', 'fails'],
    (fetchPage) => loop(again(fetchPage, 20, isThrottle)),
    'retry',
  ),

  broken(
    'leaves out a page it could not get',
    ['a lost connection, a 500', 'loses'],
    (fetchPage) => loop((token, call) => again(fetchPage, 1, () => false)(token, call).catch(swallow)),
    'retry',
  ),

  broken(
    'tries everything again',
    ['no second try of what is final', 'wastes'],
    (fetchPage) => loop(again(fetchPage, 3, () => true)),
    'retry',
  ),
];
