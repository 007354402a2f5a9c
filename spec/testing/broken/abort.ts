import { raceAbort } from '../../../lib/core/abort.js';
import { type BrokenPager, broken, loop } from './broken-pager.js';

export const brokenAtAbort: readonly BrokenPager[] = [
  broken(
    'ignores the signal',
    ['an abort between two pages', 'fails'],
    (fetchPage) => loop(fetchPage),
    'abort',
  ),

  broken(
    'takes an abort for the end',
    ['an abort between two pages', 'loses'],
    async function* (fetchPage, { signal }) {
      for await (const item of loop(fetchPage)) {
        if (signal?.aborted) return;
        yield item;
      }
    },
    'abort',
  ),

  broken(
    'has a reason of its own',
    ['the reason of the abort', 'fails'],
    (fetchPage, { signal }) =>
      loop(
        (token, call) =>
          fetchPage(token, call).catch((error: unknown) => {
            throw signal?.aborted ? new DOMException('This operation was aborted', 'AbortError') : error;
          }),
        { signal },
      ),
    'abort',
  ),

  broken(
    'does not hand the signal on',
    ['an abort while a request hangs', 'hangs'],
    (fetchPage) => loop(fetchPage),
    'abort',
  ),

  broken(
    'walks away from its request',
    ['an abort while a request hangs', 'leaks'],
    (fetchPage, { signal }) => loop((token) => raceAbort(fetchPage(token, {}), signal)),
    'abort',
  ),

  broken(
    'leaves it to the request to heed the signal',
    ['an abort while a request hangs that heeds nothing', 'hangs'],
    (fetchPage, { signal }) => loop(fetchPage, { signal }),
    'abort',
  ),

  broken(
    'sleeps through an abort',
    ['an abort while it waits to try again', 'hangs'],
    (fetchPage, { signal, clock }) =>
      loop(
        (token, call) =>
          fetchPage(token, call).catch(async () => {
            await clock.sleep(30_000);
            return fetchPage(token, call);
          }),
        { signal },
      ),
    'abort',
    'retry',
  ),

  broken(
    'looks at the signal after it has sent',
    ['a signal that aborted before', 'wastes'],
    (fetchPage, { signal }) =>
      loop(async (token) => {
        const page = await fetchPage(token, {});
        signal?.throwIfAborted();
        return page;
      }),
    'abort',
  ),

  broken(
    'adds a listener for every request',
    ['no listener left on the signal', 'leaks'],
    (fetchPage, { signal }) =>
      loop(
        (token, call) => {
          signal?.addEventListener('abort', () => {});
          return fetchPage(token, call);
        },
        { signal },
      ),
    'abort',
  ),
];
