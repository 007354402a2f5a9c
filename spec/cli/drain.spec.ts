import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { drain } from '../../lib/cli/drain.js';
import { Interruption } from '../../lib/cli/interruption.js';
import type { Sink } from '../../lib/cli/output/sink.js';
import type { FetchPage } from '../../lib/core/page.js';
import { createListing } from '../../lib/listing/create-listing.js';
import { memoryCheckpoint } from '../../lib/listing/traversal/memory-checkpoint.js';

const query = { operation: 'List', input: {} };

function listen(): Interruption {
  const stop = new Interruption();
  onTestFinished(stop.listen());
  return stop;
}

/** Two pages; the second one never comes unless `isEndless` is false. */
const pages =
  ({ isEndless }: { isEndless: boolean }): FetchPage<string> =>
  async (token, { signal }) => {
    if (token === undefined) return { items: ['a', 'b'], next: '1' };
    if (!isEndless) return { items: ['c', 'd'], next: undefined };
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  };

describe('an interrupted run', () => {
  it('ends a wait for the service at once, everything written acknowledged', async () => {
    const stop = listen();
    const written: string[] = [];
    const store = memoryCheckpoint();
    const walk = createListing({ fetchPage: pages({ isEndless: true }), query }).resume(store, {
      signal: stop.signal,
    });
    const drained = drain(walk, { write: (item) => void written.push(item), end: () => undefined }, stop);
    await setImmediate();
    process.emit('SIGINT');
    await expect(drained).rejects.toBe(stop.signal.reason);
    expect(written).toEqual(['a', 'b']);
    expect(await store.load('List')).toMatchObject({ token: '1', offset: 0 });
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'finishes the record that %s finds half written',
    async (signal) => {
      const stop = listen();
      const written: string[] = [];
      const store = memoryCheckpoint();
      const listing = createListing({ fetchPage: pages({ isEndless: false }), query });
      const slow: Sink<string> = {
        async write(item) {
          await setImmediate();
          if (item === 'b') process.emit(signal);
          await setImmediate();
          written.push(item);
        },
        end: () => undefined,
      };
      await drain(listing.resume(store, { signal: stop.signal }), slow, stop).catch((error: unknown) => {
        expect(error).toBe(stop.signal.reason);
      });
      const rest: string[] = [];
      for await (const item of listing.resume(store)) rest.push(item);
      expect(written.slice(0, 2)).toEqual(['a', 'b']);
      expect([...written, ...rest]).toEqual(['a', 'b', 'c', 'd']);
    },
  );

  it('that is over all the same has nothing to go on with', async () => {
    const stop = listen();
    process.emit('SIGINT');
    expect(() => stop.throwIfRequested()).toThrow(expect.objectContaining({ name: 'AbortError' }));
    expect(stop.signal.aborted).toBe(true);
  });
});
