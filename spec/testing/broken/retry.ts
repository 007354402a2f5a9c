import type { FetchPage, Page } from '../../../lib/core/page.js';
import { type Item, ScriptedServiceError } from '../../../lib/testing/index.js';
import { type BrokenPager, broken, loop } from './broken-pager.js';

const swallow = (): Page<Item> => ({ items: [], next: undefined });

/** Retries up to a number of attempts while the error is retryable. */
function retrying(
  fetchPage: FetchPage<Item>,
  maxAttempts: number,
  isRetryable: (error: unknown) => boolean,
): FetchPage<Item> {
  return async (token, call) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await fetchPage(token, call);
      } catch (error) {
        if (attempt === maxAttempts || !isRetryable(error)) throw error;
      }
    }
  };
}

const isThrottle = (error: unknown) =>
  error instanceof ScriptedServiceError && error.$metadata.httpStatusCode === 429;

export const brokenAtRetry: readonly BrokenPager[] = [
  broken('does not retry', ['a throttle', 'fails'], (fetchPage) => loop(fetchPage), 'retry'),

  broken(
    'tries three times',
    ['twelve throttles in a row', 'fails'],
    (fetchPage) => loop(retrying(fetchPage, 3, () => true)),
    'retry',
  ),

  broken(
    'retries only throttles',
    ['a lost connection and a 500', 'fails'],
    (fetchPage) => loop(retrying(fetchPage, 20, isThrottle)),
    'retry',
  ),

  broken(
    'skips a page it could not fetch',
    ['a lost connection and a 500', 'loses'],
    (fetchPage) => loop((token, call) => retrying(fetchPage, 1, () => false)(token, call).catch(swallow)),
    'retry',
  ),

  broken(
    'retries every error',
    ['no retry of a non-retryable error', 'wastes'],
    (fetchPage) => loop(retrying(fetchPage, 3, () => true)),
    'retry',
  ),
];
