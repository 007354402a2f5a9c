import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Interruption } from '../../lib/cli/interruption.js';
import { type RecordWriter, writeRecords } from '../../lib/cli/output/record-writer.js';
import type { FetchPage } from '../../lib/core/page.js';
import { createListing } from '../../lib/listing/create-listing.js';
import { memoryCheckpoint } from '../../lib/listing/traversal/memory-checkpoint.js';

const query = { operation: 'List', input: {} };

function listen(): Interruption {
  const interruption = new Interruption();
  onTestFinished(interruption.listen());
  return interruption;
}

/** Two pages; if `isEndless`, the second one never arrives. */
const pages =
  ({ isEndless }: { isEndless: boolean }): FetchPage<string> =>
  async (token, { signal }) => {
    if (token === undefined) return { items: ['a', 'b'], next: '1' };
    if (!isEndless) return { items: ['c', 'd'], next: undefined };
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  };

describe('an interrupted run', () => {
  it('an interruption ends a wait for the service at once, with all written records acknowledged', async () => {
    const interruption = listen();
    const written: string[] = [];
    const store = memoryCheckpoint();
    const walk = createListing({ fetchPage: pages({ isEndless: true }), query }).resume(store, {
      signal: interruption.signal,
    });
    const writer = { write: (item: string) => void written.push(item), end: () => undefined };
    const finished = writeRecords(walk, writer, interruption);
    await setImmediate();
    process.emit('SIGINT');
    await expect(finished).rejects.toBe(interruption.signal.reason);
    expect(written).toEqual(['a', 'b']);
    expect(await store.load('List')).toMatchObject({ token: '1', offset: 0 });
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'a record that is being written when %s arrives is finished and acknowledged',
    async (signal) => {
      const interruption = listen();
      const written: string[] = [];
      const store = memoryCheckpoint();
      const listing = createListing({ fetchPage: pages({ isEndless: false }), query });
      const slow: RecordWriter<string> = {
        async write(item) {
          await setImmediate();
          if (item === 'b') process.emit(signal);
          await setImmediate();
          written.push(item);
        },
        end: () => undefined,
      };
      const walk = listing.resume(store, { signal: interruption.signal });
      await writeRecords(walk, slow, interruption).catch((error: unknown) => {
        expect(error).toBe(interruption.signal.reason);
      });
      const rest: string[] = [];
      for await (const item of listing.resume(store)) rest.push(item);
      expect(written.slice(0, 2)).toEqual(['a', 'b']);
      expect([...written, ...rest]).toEqual(['a', 'b', 'c', 'd']);
    },
  );

  it('throwIfRequested aborts the signal and throws its reason', async () => {
    const interruption = listen();
    process.emit('SIGINT');
    expect(() => interruption.throwIfRequested()).toThrow(expect.objectContaining({ name: 'AbortError' }));
    expect(interruption.signal.aborted).toBe(true);
  });
});
