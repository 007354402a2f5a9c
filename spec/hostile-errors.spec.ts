import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callbackError } from '../lib/core/callback-error.js';
import { Cursor } from '../lib/core/cursor.js';
import { DestinationFailed } from '../lib/core/destination-failed.js';
import { errorName } from '../lib/core/error-name.js';
import type { Page } from '../lib/core/page.js';
import { fromPages } from '../lib/from-pages.js';
import { memoryCheckpoint } from '../lib/listing/traversal/memory-checkpoint.js';
import { snapshot } from '../lib/node/snapshot/snapshot.js';
import { adaptivePacer } from '../lib/pace/adaptive-pacer.js';
import { classify } from '../lib/request/classify.js';
import { withAttempt } from '../lib/request/with-attempt.js';
import { withPace } from '../lib/request/with-pace.js';
import { withRetry } from '../lib/request/with-retry.js';
import { memoryDestination } from '../lib/testing/memory-destination.js';
import { temporaryFolders } from './support/temporary-folders.js';

const throwingGetter = (member: string) => {
  const get = () => {
    throw new Error('the getter failed');
  };
  return Object.defineProperty(new Error('odd'), member, { get });
};

function revokedProxy(): Error {
  const { proxy, revoke } = Proxy.revocable(new Error('odd'), {});
  revoke();
  return proxy;
}

const ERRORS: readonly (readonly [string, unknown])[] = [
  ...['name', 'message', 'code', 'cause', 'errors', 'status', 'response', '$metadata'].map(
    (member) => [`a getter ${member} that throws`, throwingGetter(member)] as const,
  ),
  ['a symbol as its name', Object.assign(new Error('odd'), { name: Symbol('odd') })],
  ['no prototype', Object.create(null)],
  ['a toString that throws', { toString: throwingGetter }],
  ['a revoked proxy', revokedProxy()],
];

const withCode = (code: string) => expect.objectContaining({ code }) as Error;
/** Passes a value of another type, as JavaScript does. */
const untyped = (value: unknown): never => value as never;
const newFolder = temporaryFolders('hostile-errors');
const numbers = () => fromPages(async () => ({ items: [1, 2, 3], next: undefined }));

describe('an error that cannot be read', () => {
  it.each(ERRORS)('a callback error can be made of an error with %s', (_, error) => {
    const failed = callbackError(error, 'map');

    expect(failed).toMatchObject({ code: 'ERR_CALLBACK_FAILED' });
    expect(failed.cause === error).toBe(true);
  });

  it.each(ERRORS)('a destination that fails with an error with %s is named', (_, error) => {
    const { message } = new DestinationFailed('write to x', { cause: error });

    expect(message).toMatch(/^cannot write to x \(.+\); fix the cause/);
  });

  it.each(ERRORS)(
    'an error with %s is final, or retried, and the request fails with it as the cause',
    async (_, error) => {
      const send = () => Promise.reject(error);
      const failing = [
        withRetry(send, { maxAttempts: 1 }),
        withRetry(withPace(withAttempt(send), adaptivePacer(), { classify }), { maxAttempts: 1 }),
      ];

      expect(classify(error).kind).toMatch(/^(final|transient|throttle)$/);
      for (const request of failing) {
        const failed: unknown = await request(undefined, {}).catch((thrown: unknown) => thrown);

        expect(failed).toMatchObject({
          code: expect.stringMatching(/^ERR_RE(QUEST_FAILED|TRY_EXHAUSTED)$/) as string,
        });
        expect((failed as Error).cause === error).toBe(true);
      }
    },
  );

  it.each(ERRORS)('a listing that fails with an error with %s fails its snapshot', async (_, error) => {
    const path = join(await newFolder(), 'users.snapshot');
    const failing = numbers().mapAsync(() => Promise.reject(error));
    const source = { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) };

    await expect(snapshot(failing, path)).rejects.toMatchObject({ code: 'ERR_CALLBACK_FAILED' });
    expect(await snapshot(source, path).catch((thrown: unknown) => thrown === error)).toBe(true);
  });

  it.each(ERRORS)(
    'a store that fails to load or to save with an error with %s fails the traversal',
    async (_, error) => {
      const load = Object.assign(memoryCheckpoint(), { load: () => Promise.reject(error) });
      const save = Object.assign(memoryCheckpoint(), { save: () => Promise.reject(error) });

      const notLoaded = numbers().resume(load).next();
      expect(await notLoaded.catch((thrown: unknown) => thrown === error)).toBe(true);
      await expect(numbers().resume(save, { everyMs: 0 }).next()).rejects.toMatchObject({
        code: 'ERR_CHECKPOINT_IO',
      });
    },
  );

  it('an object that cannot be read is refused as a cursor, as options and as a page', async () => {
    const unreadable = untyped(revokedProxy());

    expect(() => Cursor.parse(unreadable)).toThrow(withCode('ERR_CURSOR_MISMATCH'));
    expect(() => numbers().open(unreadable)).toThrow(withCode('ERR_INVALID_ARGUMENT'));
    expect(() => fromPages(unreadable)).toThrow(withCode('ERR_INVALID_ARGUMENT'));
    const pages: Page<unknown>[] = [
      unreadable,
      { items: unreadable, next: undefined },
      { items: [unreadable], next: undefined },
    ];
    for (const page of pages) {
      await expect(fromPages(async () => page).toArray()).rejects.toMatchObject({
        code: expect.stringMatching(/^ERR_(PAGE_INVALID|REQUEST_FAILED)$/) as string,
      });
    }
  });

  it.each(ERRORS)('an error with %s has a name', (_, error) => {
    expect(errorName(error)).toMatch(/./);
  });

  it.each(ERRORS)(
    'a mapAsync that rejects with an error with %s fails and does not hang',
    async (_, error) => {
      for (const ordered of [true, false]) {
        const mapped = numbers().mapAsync(() => Promise.reject(error), { ordered });

        const failed: unknown = await mapped.toArray().catch((thrown: unknown) => thrown);

        expect(failed).toMatchObject({ code: 'ERR_CALLBACK_FAILED' });
        expect((failed as Error).cause === error).toBe(true);
      }
    },
  );

  it.each(ERRORS)(
    'a drain that tolerates failures ends at an error with %s, or keeps it',
    async (_, error) => {
      const mapped = numbers().mapAsync(() => Promise.reject(error), { tolerate: { count: 10 } });
      const failed = memoryDestination();

      const settled = await mapped.drainTo(memoryDestination(), { failed }).then(
        (receipt) => receipt.failed,
        (thrown: unknown) => thrown,
      );

      if (settled !== 3) expect(settled).toMatchObject({ code: 'ERR_CALLBACK_FAILED' });
    },
  );
});
