import { raceAbort } from '../../../lib/core/abort.js';
import { type BrokenPager, broken, loop } from './broken-pager.js';

export const brokenAtAbort: readonly BrokenPager[] = [
  broken('ignores the signal', ['an abort between pages', 'fails'], (fetchPage) => loop(fetchPage), 'abort'),

  broken(
    'treats an abort as the end',
    ['an abort between pages', 'loses'],
    async function* (fetchPage, { signal }) {
      for await (const item of loop(fetchPage)) {
        if (signal?.aborted) return;
        yield item;
      }
    },
    'abort',
  ),

  broken(
    'throws its own abort error',
    ['the abort reason is thrown', 'fails'],
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
    'does not pass the signal to its requests',
    ['an abort while a request hangs', 'hangs'],
    (fetchPage) => loop(fetchPage),
    'abort',
  ),

  broken(
    'abandons its request after an abort',
    ['an abort while a request hangs', 'leaks'],
    (fetchPage, { signal }) => loop((token) => raceAbort(fetchPage(token, {}), signal)),
    'abort',
  ),

  broken(
    'relies on the request to obey the signal',
    ['an abort while a request ignores its signal', 'hangs'],
    (fetchPage, { signal }) => loop(fetchPage, { signal }),
    'abort',
  ),

  broken(
    'ignores an abort during a delay',
    ['an abort during a retry delay', 'hangs'],
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
    'checks the signal only after sending',
    ['an already aborted signal', 'wastes'],
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
