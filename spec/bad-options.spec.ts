import { ConnectClient, ListUsersCommand } from '@aws-sdk/client-connect';
import { describe, expect, it } from 'vitest';
import { createSender } from '../lib/aws/create-sender.js';
import { paginate } from '../lib/aws/paginate.js';
import { settled } from '../lib/aws/settled.js';
import { describeUsers } from '../lib/connect/describe-users.js';
import { diff } from '../lib/connect/diff/diff.js';
import { instances } from '../lib/connect/instances.js';
import { listUsers } from '../lib/connect/list-users.js';
import { plan } from '../lib/connect/plan.js';
import { userDetails } from '../lib/connect/user-details.js';
import { usernameIndex } from '../lib/connect/username-index.js';
import { fromPages } from '../lib/from-pages.js';
import { memoryCheckpoint } from '../lib/listing/traversal/memory-checkpoint.js';
import { adaptivePacer } from '../lib/pace/adaptive-pacer.js';
import { createPacers } from '../lib/pace/pacers.js';
import { parquet } from '../lib/parquet/parquet.js';
import { classify } from '../lib/request/classify.js';
import { withAttempt } from '../lib/request/with-attempt.js';
import { withPace } from '../lib/request/with-pace.js';
import { withRetry } from '../lib/request/with-retry.js';
import { startSandbox } from '../lib/sandbox/start-sandbox.js';
import { virtualClock } from '../lib/testing/virtual-clock.js';

const client = new ConnectClient({ region: 'eu-central-1' });
const fetchPage = async () => ({ items: [1], next: undefined });
const input = { InstanceId: 'i' };
const rows = fromPages(fetchPage);
const users = listUsers(client, input);
const pacer = adaptivePacer({ ratePerSecond: 5 });

/** Calls as JavaScript does, whatever the types say. */
const call = (target: unknown, ...args: readonly unknown[]): unknown =>
  (target as (...all: readonly unknown[]) => unknown)(...args);

/** No option is any of these. */
const NONSENSE: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['true', true],
  ['NaN', Number.NaN],
  ['a number below 0', -1],
  ['a symbol', Symbol('x')],
  ['a list of a number', [7]],
  ['a Map', new Map([['retry', false]])],
  ['an object with an unknown member', { nonsense: 1 }],
];

const LISTINGS: readonly (readonly [string, (options: unknown) => unknown])[] = [
  ['fromPages', (options) => call(fromPages, fetchPage, options)],
  ['paginate', (options) => call(paginate, client, ListUsersCommand, input, options)],
  ['listUsers', (options) => call(listUsers, client, input, options)],
  ['userDetails', (options) => call(userDetails, client, input, options)],
];
const SHARED = ['signal', 'retry', 'pace', 'clock', 'onCycle', 'onEmptyAnswer', 'onTokenRejected', 'key'];
const OF_FROM_PAGES = ['pageSize', 'isTokenRejected', 'query'];
const OF_AWS = ['pacers', 'items', 'token', 'next', 'more', 'pageSizeKey', 'firstPageOnly'];
/** What has a meaning after all. */
const MEANT: Readonly<Record<string, readonly string[]>> = {
  pacers: ['a Map'],
  stopped: ['true'],
  paced: ['true'],
};

const PLACES: readonly (readonly [string, (value: unknown) => unknown])[] = [
  ...LISTINGS,
  ...LISTINGS.flatMap(([name, list]) =>
    [...SHARED, ...(name === 'fromPages' ? OF_FROM_PAGES : OF_AWS)].map(
      (option) => [`${option} of ${name}`, (value: unknown) => list({ [option]: value })] as const,
    ),
  ),
  ...['maxAttempts', 'maxElapsedMs', 'attemptTimeoutMs', 'classify'].map(
    (bound) =>
      [
        `retry.${bound} of fromPages`,
        (value: unknown) => call(fromPages, fetchPage, { retry: { [bound]: value } }),
      ] as const,
  ),
  ['the options of createSender', (value) => call(createSender, client, ListUsersCommand, value)],
  ['the options of describeUsers', (value) => call(describeUsers, users, value)],
  ...['fields', 'client', 'retry', 'pace', 'pacers', 'clock'].map(
    (option) =>
      [
        `${option} of describeUsers`,
        (value: unknown) => call(describeUsers, users, { ...input, client, [option]: value }),
      ] as const,
  ),
  ['fields of userDetails', (value) => call(userDetails, client, input, { fields: value })],
  ['via of userDetails', (value) => call(userDetails, client, input, { via: value })],
  ['the options of plan', (value) => call(plan, ['Email'], 1, value)],
  ['the fields of plan', (value) => call(plan, value, 1)],
  ['the options of createPacers', (value) => call(createPacers, value)],
  ['operations of createPacers', (value) => call(createPacers, { operations: value })],
  ['the options of adaptivePacer', (value) => call(adaptivePacer, value)],
  ['clock of adaptivePacer', (value) => call(adaptivePacer, { clock: value })],
  ['the options of instances', (value) => call(instances, client, value)],
  ['columns of parquet', (value) => call(parquet, { columns: value })],
  ['paced of withRetry', (value) => call(withRetry, fetchPage, { paced: value })],
  ['the send of withRetry', (value) => call(withRetry, value)],
  ['the clock of withRetry', (value) => call(withRetry, fetchPage, { clock: value })],
  ['the random of withRetry', (value) => call(withRetry, fetchPage, { random: value })],
  ['the send of withPace', (value) => call(withPace, value, pacer, { classify })],
  ['the pacer of withPace', (value) => call(withPace, fetchPage, value, { classify })],
  ['the options of withPace', (value) => call(withPace, fetchPage, pacer, value)],
  ['the classify of withPace', (value) => call(withPace, fetchPage, pacer, { classify: value })],
  ['the send of withAttempt', (value) => call(withAttempt, value)],
  ['the check of withAttempt', (value) => call(withAttempt, fetchPage, { check: value })],
  ['the when of settled', (value) => call(settled, () => 1, { when: value })],
  ['the options of virtualClock', (value) => call(virtualClock, value)],
  ['stopped of virtualClock', (value) => call(virtualClock, { stopped: value })],
  ['the options of open', (value) => call(rows.open.bind(rows), value)],
  ['the key of resume', (value) => call(rows.resume.bind(rows), memoryCheckpoint(), { key: value })],
];

describe('an option that makes no sense', () => {
  it.each(PLACES)('an option that makes no sense is refused when it is passed: %s', (name, pass) => {
    for (const [what, value] of NONSENSE) {
      if (MEANT[name.split(' ')[0] ?? '']?.includes(what)) continue;
      expect(() => pass(value), what).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }));
    }
  });

  it.each<[string, (value: unknown) => unknown, readonly unknown[]]>([
    ['users of usernameIndex', (value) => call(usernameIndex, value), [null, 7, 'users', {}, [null], [7]]],
    ['rows of diff', (value) => (call(diff, value, []) as AsyncGenerator).next(), [[7], [null], ['a user']]],
    ['options of startSandbox', (value) => call(startSandbox, value), [null, new Map(), Promise.resolve()]],
    ['quotas of startSandbox', (value) => call(startSandbox, { quotas: value }), [7, new Map(), []]],
  ])('what makes no sense as the %s is refused', async (_, pass, values) => {
    for (const value of values) {
      await expect((async () => pass(value))()).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
    }
  });
});

it('options may be what a module exports', async () => {
  const source = 'data:text/javascript,export const ratePerSecond = 3';
  const settings: object = await import(source);
  expect(adaptivePacer(settings).ratePerSecond).toBe(3);
});
