import { join } from 'node:path';
import { ListUsersCommand } from '@aws-sdk/client-connect';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { paginate } from '../lib/aws/paginate.js';
import { settled } from '../lib/aws/settled.js';
import { everywhere } from '../lib/connect/everywhere/everywhere.js';
import type { Destination } from '../lib/core/destination.js';
import { fromPages } from '../lib/from-pages.js';
import { memoryCheckpoint } from '../lib/listing/traversal/memory-checkpoint.js';
import { snapshot } from '../lib/node/snapshot/snapshot.js';
import { updateSnapshot } from '../lib/node/snapshot/update-snapshot.js';
import { adaptivePacer } from '../lib/pace/adaptive-pacer.js';
import { withAttempt } from '../lib/request/with-attempt.js';
import { withPace } from '../lib/request/with-pace.js';
import { memoryDestination } from '../lib/testing/memory-destination.js';
import { start } from './sandbox/client.js';
import { temporaryFolders } from './support/temporary-folders.js';

const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);
beforeAll(() => void process.on('unhandledRejection', note));
beforeEach(() => void unhandled.splice(0));
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

const newFolder = temporaryFolders('promises');
const unlisted = new Error('no such token');
const rows = () => fromPages(async () => ({ items: [{ Id: 'a' }, { Id: 'b' }], next: undefined }));
const failing = () => fromPages(() => Promise.reject(unlisted), { retry: { classify: untyped(late) } });
const rejecting = (isTokenRejected: (error: unknown) => boolean) =>
  fromPages(async (token) => (token === undefined ? { items: [1], next: 'a' } : Promise.reject(unlisted)), {
    retry: false,
    isTokenRejected,
  });

it.each<[string, () => Promise<unknown>, string]>([
  ['isTokenRejected', () => rejecting(untyped(late)).toArray(), 'ERR_INVALID_ARGUMENT'],
  ['classify', () => failing().toArray(), 'ERR_INVALID_ARGUMENT'],
  [
    'classify of withPace',
    () =>
      withPace(() => Promise.reject(unlisted), adaptivePacer(), { classify: untyped(late) })(undefined, {}),
    'ERR_INVALID_ARGUMENT',
  ],
  [
    'check',
    () => withAttempt(async () => 1, { check: untyped(late) })(untyped(1), {}),
    'ERR_INVALID_ARGUMENT',
  ],
  [
    'when',
    () => settled(() => Promise.reject(unlisted), { when: untyped(late) })(1, {}),
    'ERR_INVALID_ARGUMENT',
  ],
  [
    'the key of a snapshot',
    async () => snapshot(rows(), join(await newFolder(), 'a'), { key: untyped(late) }),
    'ERR_INVALID_ARGUMENT',
  ],
  [
    'the key of updateSnapshot',
    async () => updateSnapshot(rows(), join(await newFolder(), 'a'), { key: untyped(late) }).next(),
    'ERR_INVALID_ARGUMENT',
  ],
  ['from', async () => rows().open({ from: untyped(late()) }), 'ERR_CURSOR_MISMATCH'],
  [
    'options',
    async () => fromPages(async () => ({ next: undefined }), untyped(late())),
    'ERR_INVALID_ARGUMENT',
  ],
])('a promise for %s that rejects is refused, and its rejection is handled', async (_, run, code) => {
  await expect(run()).rejects.toMatchObject({ code });
  await new Promise(setImmediate);
  expect(unhandled).toEqual([]);
});

it.each<[string, object]>([
  ['items', { items: late }],
  ['next', { next: late }],
  ['a part of next', { next: () => [late()] }],
  ['an item', { items: () => [late()] }],
])(
  'a promise for %s of paginate that rejects is refused, and its rejection is handled',
  async (_, options) => {
    const { client, InstanceId } = await start({ users: 3 });
    const users = paginate(client, ListUsersCommand, { InstanceId }, options);
    await expect(users.toArray()).rejects.toMatchObject({ code: 'ERR_PAGE_INVALID' });
    await new Promise(setImmediate);
    expect(unhandled).toEqual([]);
  },
);

it('a promise for list of everywhere that rejects is refused, and its rejection is handled', async () => {
  const { client } = await start({ users: 3 });
  await expect(everywhere({ clients: [client], list: untyped(late) }).toArray()).rejects.toMatchObject({
    code: 'ERR_INVALID_ARGUMENT',
    message: 'what list returns must be a listing of pageturn, or undefined, received a Promise',
  });
  await new Promise(setImmediate);
  expect(unhandled).toEqual([]);
});

it.each([7, {}, 'unlocked'])('a lock that resolves to %j in place of a function is refused', async (lock) => {
  const store = Object.assign(memoryCheckpoint(), { lock: async () => untyped(lock) });
  await expect(rows().resume(store).next()).rejects.toMatchObject({
    code: 'ERR_INVALID_ARGUMENT',
    message: expect.stringContaining('what lock of the store resolves to must be a function') as string,
  });
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
