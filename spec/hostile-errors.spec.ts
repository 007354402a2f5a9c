import { describe, expect, it } from 'vitest';
import { callbackError } from '../lib/core/callback-error.js';
import { DestinationFailed } from '../lib/core/destination-failed.js';
import { errorName } from '../lib/core/error-name.js';
import { fromPages } from '../lib/from-pages.js';
import { memoryDestination } from '../lib/testing/memory-destination.js';

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
