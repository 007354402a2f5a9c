import { join } from 'node:path';
import { ListUsersCommand } from '@aws-sdk/client-connect';
import { describe, expect, it } from 'vitest';
import { paginate } from '../lib/aws/paginate.js';
import { describeUsers } from '../lib/connect/describe-users.js';
import { PageturnError } from '../lib/core/errors.js';
import { fromPages } from '../lib/from-pages.js';
import { Listing } from '../lib/listing/listing.js';
import { memoryCheckpoint } from '../lib/listing/traversal/memory-checkpoint.js';
import { fileCheckpoint } from '../lib/node/file-checkpoint.js';
import { file, ndjson, readCsv, readFailed, snapshot, verifyReceipt } from '../lib/node/index.js';
import { adaptivePacer } from '../lib/pace/adaptive-pacer.js';
import { createPacers } from '../lib/pace/pacers.js';
import { startSandbox } from '../lib/sandbox/start-sandbox.js';
import { start } from './sandbox/client.js';
import { temporaryFolders } from './support/temporary-folders.js';

/** Clears a terminal, turns the direction of the text, and is longer than anything a person would read. */
const HOSTILE = `\u001b[2J\u009b31m\u202eevil\u2028${'x'.repeat(100_000)}`;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const OBEYED = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2029]/;

/** Passes a value of another type, as JavaScript does. */
const untyped = (value: unknown): never => value as never;
const newFolder = temporaryFolders('messages');
const rows = () => fromPages(async () => ({ items: [{ Id: 'a' }], next: undefined }));
const fetching = (page: unknown) => fromPages(async () => untyped(page)).toArray();

async function listed(options: object) {
  const { client, InstanceId } = await start({ users: 3 });
  return paginate(client, ListUsersCommand, { InstanceId }, options).toArray();
}

async function messageOf(act: () => unknown): Promise<string> {
  try {
    await act();
  } catch (error) {
    expect(error).toBeInstanceOf(PageturnError);
    return (error as PageturnError).message;
  }
  return expect.fail('nothing was thrown');
}

const QUOTING: readonly (readonly [string, () => unknown])[] = [
  ['a page', () => fetching(HOSTILE)],
  ['a member of a page', () => fetching({ next: undefined, [HOSTILE]: 1 })],
  ['the items of a page', () => fetching({ next: undefined, items: HOSTILE })],
  ['the total of a page', () => fetching({ next: undefined, [`total${HOSTILE}`]: 1 })],
  [
    'the name of an error',
    () => fromPages(() => Promise.reject(Object.assign(new Error(), { name: HOSTILE }))).toArray(),
  ],
  ['an option', () => fromPages(async () => ({ next: undefined }), untyped({ [HOSTILE]: 1 }))],
  [
    'the value of an option',
    () => fromPages(async () => ({ next: undefined }), { onCycle: untyped(HOSTILE) }),
  ],
  [
    'what key returns',
    () =>
      fromPages(async () => ({ items: [1], next: undefined }), {
        key: () => untyped({ [HOSTILE]: 1 }),
      }).toArray(),
  ],
  ['what items returns', () => listed({ items: () => HOSTILE })],
  ['a path of items', () => listed({ items: HOSTILE })],
  ['a path of next', () => listed({ next: HOSTILE })],
  ['a token', () => listed({ token: HOSTILE })],
  ['a field', () => describeUsers(rows(), untyped({ fields: [HOSTILE] }))],
  [
    'an operation of the sandbox',
    () => startSandbox(untyped({ faults: [{ kind: 'hang', operation: HOSTILE }] })),
  ],
  ['a kind of fault', () => startSandbox(untyped({ faults: [{ kind: HOSTILE }] }))],
  ['a quota of the sandbox', () => startSandbox(untyped({ quotas: { [HOSTILE]: {} } }))],
  ['an option of the sandbox', () => startSandbox(untyped({ [HOSTILE]: 1 }))],
  ['the version of a cursor', () => rows().open({ from: untyped({ version: HOSTILE }) })],
  [
    'the key of a checkpoint',
    async () => {
      const store = memoryCheckpoint();
      await store.lock(HOSTILE);
      await store.lock(HOSTILE);
    },
  ],
];

it.each(QUOTING)('a message quotes %s in one line that a terminal can print', async (_, act) => {
  const message = await messageOf(act);

  expect(message).not.toMatch(OBEYED);
  expect(message.length).toBeLessThan(700);
});

const PATH = 'list\u001b[2J\u202eof\nusers';
const AT_A_PATH: readonly (readonly [string, (path: string) => unknown])[] = [
  ['fileCheckpoint', (path) => fileCheckpoint(join(path, 'missing')).save('a', rows().open().cursor)],
  ['a drain into a file', (path) => rows().drainTo(file(join(path, 'missing', 'a'), { format: ndjson() }))],
  ['readFailed', (path) => readFailed(path).toArray()],
  ['readCsv', (path) => readCsv(path)[Symbol.asyncIterator]().next()],
];

it.each(AT_A_PATH)('a message of %s shows a path in one line that a terminal can print', async (_, act) => {
  const folder = await newFolder();
  const message = await Promise.resolve()
    .then(() => act(join(folder, PATH)))
    .catch((error: unknown) => error);
  expect(message).toBeInstanceOf(Error);
  if (message instanceof PageturnError) expect(message.message).not.toMatch(OBEYED);
});

describe('what pageturn makes itself', () => {
  it('an error takes null for no details, as Error does', () => {
    const error = new PageturnError('ERR_PAGE_INVALID', 'no page', untyped(null));
    expect(error).toMatchObject({ code: 'ERR_PAGE_INVALID', message: 'no page', cursor: undefined });
  });

  it.each([undefined, null, 7, 'users', {}, [], Symbol('plan')])(
    'a listing that is not made by a function of pageturn is refused (case %#)',
    (plan) => {
      const create = Listing as unknown as new (plan: unknown) => unknown;
      expect(() => new create(plan)).toThrow(
        expect.objectContaining({
          code: 'ERR_INVALID_ARGUMENT',
          message: expect.stringContaining(
            'a listing must be made by a function, such as fromPages',
          ) as string,
        }),
      );
    },
  );

  it.each([undefined, null, 7, {}, Symbol('ListUsers')])(
    'a registry of pacers refuses an operation that is not a name (case %#)',
    (operation) => {
      expect(() => createPacers().get(untyped(operation))).toThrow(
        expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
      );
    },
  );

  it.each([
    ['a promise', Promise.resolve(), 'received a Promise'],
    ['a signal', new AbortController().signal, 'received an AbortSignal'],
    ['a Date', new Date(), 'received a Date'],
    ['a list', [], 'received an array'],
    ['a pacer', adaptivePacer(), 'unknown option'],
  ])('%s in place of options is refused, and the message says what it is', async (_, options, what) => {
    expect(await messageOf(() => rows().open(untyped(options)))).toContain(what);
    expect(await messageOf(() => rows().resume(memoryCheckpoint(), untyped(options)))).toContain(what);
    expect(await messageOf(() => snapshot(rows(), 'never', untyped(options)))).toContain(what);
    expect(await messageOf(() => verifyReceipt('never', untyped(options)))).toContain(what);
  });
});
