import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import type { Cursor } from '../../lib/core/cursor.js';
import { type DynamoDBCheckpointOptions, dynamodbCheckpoint } from '../../lib/dynamodb/index.js';
import { describeCheckpointStore } from '../contracts/checkpoint-store.js';
import { cursorAt } from '../support/cursor-at.js';
import { manualClock } from '../support/manual-clock.js';
import { tables } from '../support/tables.js';
import { intercept } from './intercept.js';

const { client, create, scan } = tables();
const newTable = () => create({ name: 'key', type: 'S' });

describeCheckpointStore('dynamodbCheckpoint', async () => {
  const table = await newTable();
  return () => dynamodbCheckpoint({ client: client(), table });
});

/** A time of the day that a spec sets. */
function timeOfDay(ms: number) {
  return { now: () => 1_800_000_000_000 + ms };
}

type OwnCursor = Cursor & { readonly own?: unknown; readonly gone?: undefined };

interface Shared extends Partial<DynamoDBCheckpointOptions> {
  readonly table: string;
}

const storeOn = (more: Shared) =>
  dynamodbCheckpoint<OwnCursor>({ client: client(), leaseMs: 30_000, ...more });

describe('the lock of a checkpoint in DynamoDB', () => {
  it('a lock in DynamoDB is refused to another store while it is renewed, and the message names the holder', async () => {
    const table = await newTable();
    const time = { ms: 0 };
    const now = () => 1_800_000_000_000 + time.ms;
    const clock = manualClock();
    await storeOn({ table, clock, now }).lock('users');
    for (let beat = 0; beat < 6; beat++) {
      time.ms += 10_000;
      await clock.advance(10_000);
      await settled(table, now() + 30_000);
      // The store may learn later than the table that the lock was renewed.
      await expect.poll(() => clock.sleepers).toBe(1);
    }
    await expect(storeOn({ table, now }).lock('users')).rejects.toMatchObject({
      code: 'ERR_CHECKPOINT_LOCKED',
      message: expect.stringMatching(
        new RegExp(
          `^the checkpoint "users" in dynamodb://${table} is in use by process ${process.pid}.*; wait for it to end; its lock expires in 30 s unless it is renewed$`,
        ),
      ),
    });
  });

  /** Waits for a renewal, which the store does not wait for. */
  async function settled(table: string, expiresAt: number) {
    await expect
      .poll(async () => (await scan(table))[0]?.['expiresAt']?.N, { interval: 5 })
      .toBe(String(expiresAt));
  }

  it('a lock in DynamoDB is taken over once it has expired, and its former holder can neither save nor clear', async () => {
    const table = await newTable();
    const early = timeOfDay(0);
    const frozen = storeOn({ table, ...early, clock: manualClock() });
    const release = await frozen.lock('users');
    await frozen.save('users', cursorAt(1));
    await expect(storeOn({ table, ...timeOfDay(30_000) }).lock('users')).rejects.toThrow('is in use by');
    const next = storeOn({ table, ...timeOfDay(30_001), clock: manualClock() });
    const releaseNext = await next.lock('users');
    expect(await next.load('users')).toEqual(cursorAt(1));
    await next.save('users', cursorAt(2));
    const lost = {
      code: 'ERR_CHECKPOINT_LOCKED',
      message: expect.stringContaining('is no longer locked by this process: its lock expired'),
    };
    await expect(frozen.save('users', cursorAt(9))).rejects.toMatchObject(lost);
    await expect(frozen.clear('users')).rejects.toMatchObject(lost);
    await release();
    expect(await next.load('users')).toEqual(cursorAt(2));
    await next.save('users', cursorAt(3));
    await releaseNext();
    expect(await next.load('users')).toEqual(cursorAt(3));
  });

  it('a lock in DynamoDB keeps a store without it from saving until it has expired', async () => {
    const table = await newTable();
    await storeOn({ table, ...timeOfDay(0), clock: manualClock() }).lock('users');
    const other = storeOn({ table, ...timeOfDay(10_000) });
    await expect(other.save('users', cursorAt(1))).rejects.toMatchObject({ code: 'ERR_CHECKPOINT_LOCKED' });
    await expect(other.clear('users')).rejects.toMatchObject({ code: 'ERR_CHECKPOINT_LOCKED' });
    await storeOn({ table, ...timeOfDay(30_001) }).save('users', cursorAt(2));
    expect(await other.load('users')).toEqual(cursorAt(2));
  });

  it('each lock in DynamoDB has a higher fencing token, even after the item was deleted', async () => {
    const table = await newTable();
    const fences: number[] = [];
    for (const ms of [0, 5, 10]) {
      const store = storeOn({ table, ...timeOfDay(ms) });
      for (const keepsCursor of [true, false]) {
        const release = await store.lock('users');
        fences.push(Number((await scan(table))[0]?.['fence']?.N));
        await (keepsCursor ? store.save('users', cursorAt(1)) : store.clear('users'));
        await release();
      }
      expect(await scan(table)).toEqual([]);
    }
    expect(fences).toEqual([...fences].sort((a, b) => a - b));
    expect(new Set(fences).size).toBe(6);
  });

  it('a lock in DynamoDB is held even if the answer to the request for it was lost', async () => {
    const table = await newTable();
    const one = client();
    intercept(one, [{ on: 'UpdateItem', error: { name: 'TimeoutError' }, takesEffect: true }]);
    const store = storeOn({ table, client: one, retry: { maxAttempts: 3 } });
    const release = await store.lock('users');
    await store.save('users', cursorAt(1));
    await release();
    expect(await store.load('users')).toEqual(cursorAt(1));
  });

  it.each(['UpdateItem', 'GetItem'])(
    'a lock in DynamoDB is released if an abort comes while its %s is in progress, so the next run need not wait for the lease',
    async (on) => {
      const table = await newTable();
      const one = client();
      const { signal, abort } = controllerOf();
      intercept(one, [{ on, meanwhile: abort }]);
      const store = storeOn({ table, client: one });
      await expect(store.lock('users', { signal })).rejects.toBe('stop');
      const release = await store.lock('users');
      await release();
      expect(await scan(table)).toEqual([]);
    },
  );

  it('a lock in DynamoDB is given up if no answer comes within a second of an abort', async () => {
    const table = await newTable();
    const one = client();
    const clock = manualClock();
    const { signal, abort } = controllerOf();
    one.middlewareStack.add(() => () => new Promise(() => abort()), { step: 'initialize', name: 'silent' });
    const store = storeOn({ table, client: one, clock });
    await expect(store.lock('users', { signal })).rejects.toBe('stop');
    one.middlewareStack.remove('silent');
    const next = store.load('users');
    await clock.advance(1_000);
    expect(await next).toBeUndefined();
  });

  function controllerOf() {
    const controller = new AbortController();
    return { signal: controller.signal, abort: () => controller.abort('stop') };
  }

  it('a lock in DynamoDB is not taken after an abort', async () => {
    const table = await newTable();
    const signal = AbortSignal.abort('stop');
    await expect(storeOn({ table }).lock('users', { signal })).rejects.toBe('stop');
    expect(await scan(table)).toEqual([]);
  });
});

describe('a cursor in DynamoDB', () => {
  it('a cursor in DynamoDB keeps deep fields and leaves out undefined ones, also with a document client', async () => {
    const table = await newTable();
    let deep: unknown = 'end';
    for (let level = 0; level < 100; level++) deep = { deep, empty: '', list: [null] };
    const store = dynamodbCheckpoint<OwnCursor>({ client: DynamoDBDocumentClient.from(client()), table });
    await store.save('users', { ...cursorAt(1), own: deep, gone: undefined });
    expect(await store.load('users')).toEqual({ ...cursorAt(1), own: deep });
  });

  it.each([
    ['a Date', new Date(0)],
    ['NaN', Number.NaN],
    ['a Map', new Map()],
  ])('with %s is refused by the name of the field', async (_, own) => {
    const store = storeOn({ table: await newTable() });
    await expect(store.save('users', { ...cursorAt(1), own })).rejects.toThrow('cursor.own is');
  });

  it('a cursor in DynamoDB that was changed to something else is refused, with advice', async () => {
    const table = await newTable();
    const Item = { key: { S: 'checkpoint:users' }, cursor: { S: '{"version":1}' } };
    await client().send(new PutItemCommand({ TableName: table, Item }));
    await expect(storeOn({ table }).load('users')).rejects.toMatchObject({
      code: 'ERR_CHECKPOINT_CORRUPT',
      message: expect.stringMatching(
        /^the checkpoint "users" in .* cannot be used: .*; delete its item to start over$/,
      ),
    });
  });

  it('a cursor in DynamoDB is one item, also in a table with a sort key', async () => {
    const table = await create({ name: 'pk', type: 'S' }, { name: 'sk', type: 'S' });
    await storeOn({ table, tableKey: ['pk', 'sk'] }).save('users', cursorAt(1));
    const Key = { pk: { S: 'checkpoint:users' }, sk: { S: 'checkpoint' } };
    const { Item } = await client().send(new GetItemCommand({ TableName: table, Key }));
    expect(JSON.parse(Item?.['cursor']?.S ?? '')).toEqual(cursorAt(1));
  });
});

describe('a table that cannot hold checkpoints', () => {
  it.each<[string, Partial<DynamoDBCheckpointOptions>]>([
    [
      'the table does not exist in this account and Region; create it, or correct its name',
      { table: 'missing' },
    ],
    ['its key is not id, or has another type; pass the names of its key attributes', { tableKey: 'id' }],
  ])('is an error of input and output: %s', async (message, more) => {
    const store = storeOn({ table: await newTable(), ...more });
    const calls = {
      read: store.load('users'),
      save: store.save('users', cursorAt(1)),
      clear: store.clear('users'),
      lock: store.lock('users'),
    };
    for (const [action, call] of Object.entries(calls)) {
      await expect(call).rejects.toMatchObject({
        code: 'ERR_CHECKPOINT_IO',
        message: expect.stringMatching(
          new RegExp(`^cannot ${action} the checkpoint "users" in .*: ${message}$`),
        ),
      });
    }
  });

  it.each([
    [{ leaseMs: 0 }, 'leaseMs must be a number of milliseconds above 0'],
    [{ leaseMs: Number.POSITIVE_INFINITY }, 'leaseMs must be a number of milliseconds above 0'],
    [{ table: undefined }, 'table must be the name of a table'],
    [{ now: 5 }, 'now must be a function'],
    [{ lease: 5 }, 'unknown option "lease" in options of dynamodbCheckpoint'],
  ])('is refused for the options %j', (more, message) => {
    const options = { client: client(), table: 'rows', ...more } as DynamoDBCheckpointOptions;
    expect(() => dynamodbCheckpoint(options)).toThrow(message);
  });
});
