import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Destination } from '../lib/core/destination.js';
import { fromPages } from '../lib/from-pages.js';
import { memoryCheckpoint } from '../lib/listing/traversal/memory-checkpoint.js';
import { memoryDestination } from '../lib/testing/memory-destination.js';

const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);
beforeAll(() => void process.on('unhandledRejection', note));
afterAll(() => void process.off('unhandledRejection', note));

const late = async (): Promise<never> => {
  throw new Error('too late');
};

/** Passes a value of another type, as JavaScript does. */
const untyped = (value: unknown): never => value as never;

it.each([
  ['key', () => fromPages(async () => ({ items: [1], next: undefined }), { key: untyped(late) })],
  ['items', () => fromPages(async () => ({ items: untyped(late()), next: undefined }))],
  ['next', () => fromPages(async () => ({ items: [1], next: untyped(late()) }))],
])('a promise for %s that rejects is refused, and its rejection is handled', async (_, listing) => {
  await expect(listing().toArray()).rejects.toMatchObject({
    code: expect.stringMatching(/^ERR_(INVALID_ARGUMENT|PAGE_INVALID)$/) as string,
  });
  // Unhandled rejections are reported after all promises.
  await new Promise(setImmediate);
  expect(unhandled).toEqual([]);
});

it('a store whose lock is not a function is refused before anything is sent', () => {
  const store = Object.assign(memoryCheckpoint(), { lock: untyped('mine') });
  expect(() => fromPages(async () => ({ next: undefined })).resume(store)).toThrow(
    expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }) as Error,
  );
});

it.each([undefined, null, {}, { fence: '1' }])(
  'a destination whose open resolves to %j fails with an error that names the fence',
  async (opened) => {
    const destination: Destination<number> = Object.assign(memoryDestination<number>(), {
      open: async () => untyped(opened),
    });
    const listing = fromPages(async () => ({ items: [1], next: undefined }));
    const tolerant = listing.mapAsync(async (item) => item, { tolerate: { count: 1 } });
    for (const drained of [
      listing.drainTo(destination),
      tolerant.drainTo(memoryDestination(), { failed: untyped(destination) }),
    ]) {
      await expect(drained).rejects.toMatchObject({
        code: 'ERR_INVALID_ARGUMENT',
        message: expect.stringContaining('the fence to which open of the destination resolves') as string,
      });
    }
  },
);
