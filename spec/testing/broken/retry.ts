import type { FetchPage, Page } from '../../../lib/core/page.js';
import { type Item, ScriptedServiceError } from '../../../lib/testing/index.js';
import { type BrokenPager, broken, loop } from './broken-pager.js';

const swallow = (): Page<Item> => ({ items: [], next: undefined });

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

export const brokenAtRetry: readonly BrokenPager[] = [
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
