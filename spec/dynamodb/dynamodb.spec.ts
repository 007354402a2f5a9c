import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import type { DrainTotals } from '../../lib/core/destination.js';
import { type DynamoDBOptions, dynamodb } from '../../lib/dynamodb/index.js';
import { fromPages } from '../../lib/from-pages.js';
import type { DrainOptions } from '../../lib/listing/drain/drain.js';
import { describeDestination, type Row } from '../contracts/destination.js';
import { leapingClock } from '../support/leaping-clock.js';
import { manualClock } from '../support/manual-clock.js';
import { tables } from '../support/tables.js';
import { type Fault, intercept } from './intercept.js';

const { client, create, scan } = tables();
const RESERVED = 'pageturn:position';

describeDestination(
  'dynamodb',
  async () => {
    const table = await newTable();
    const one = client();
    return {
      connect: () => dynamodb<Row>({ client: one, table, key: 'Id' }),
      async published() {
        const rows = (await scan(table)).map(({ Id, name }) => ({ Id: Id?.S ?? '', name: name?.S ?? '' }));
        return rows.filter(({ Id }) => Id !== RESERVED).sort((a, b) => numberOf(a) - numberOf(b));
      },
    };
  },
  // Each takes a hundred requests.
  { sequences: 5, keepsLeases: true },
);

const numberOf = ({ Id }: { readonly Id: string }) => Number(Id.slice(1));
const newTable = () => create({ name: 'Id', type: 'S' });
const rowsOf = (count: number) => Array.from({ length: count }, (_, n) => ({ Id: `r${n}` }));

function list(rows: readonly unknown[], pageSize = 1_000) {
  return fromPages(
    async (token) => {
      const at = Number(token ?? 0);
      const next = at + pageSize < rows.length ? String(at + pageSize) : undefined;
      return { items: rows.slice(at, at + pageSize), next };
    },
    { query: { operation: 'rows' }, key: (row) => rows.indexOf(row) },
  );
}

interface Run extends DrainOptions {
  readonly more?: Partial<DynamoDBOptions>;
  readonly faults?: readonly Fault[];
}

/** Drains rows into a table, through a client whose requests meet faults, and logs the batches. */
async function drain(table: string, rows: readonly unknown[], { more, faults = [], ...options }: Run = {}) {
  const one = client({ maxAttempts: 5 });
  const requests = intercept(one, faults);
  const target = dynamodb({ client: one, table, key: 'Id', ...more });
  const receipt = await list(rows).drainTo(target, options);
  return { receipt, requests };
}

const idsIn = async (table: string) => (await scan(table)).map(({ Id }) => Id?.S).sort();

describe('rows in a DynamoDB table', () => {
  it('rows are written in batches of 25, and the item of the position is gone in the end', async () => {
    const table = await newTable();
    const { receipt, requests } = await drain(table, rowsOf(60));
    expect(requests.batches.sort()).toEqual([10, 25, 25]);
    expect(await idsIn(table)).toEqual(
      rowsOf(60)
        .map(({ Id }) => Id)
        .sort(),
    );
    expect(receipt).toMatchObject({ target: `dynamodb://${table}`, written: 60, complete: true });
  });

  it('of several rows with one key in a batch, the last is kept', async () => {
    const table = await newTable();
    const rows = rowsOf(40).map((row, n) => ({ Id: n % 3 === 0 ? 'same' : row.Id, n }));
    await drain(table, rows);
    const items = await scan(table);
    expect(items).toHaveLength(27);
    expect(items).toContainEqual({ Id: { S: 'same' }, n: { N: '39' } });
  });

  it('numbers, dates, bytes, sets and nested values become attributes, and undefined is left out', async () => {
    const table = await newTable();
    const row = {
      Id: 'a\ud800b',
      text: '',
      big: 2n ** 100n,
      tiny: -1.5e-7,
      nan: Number.NaN,
      at: new Date(5),
      never: new Date(Number.NaN),
      bytes: Buffer.from([1, 255]),
      none: null,
      gone: undefined,
      run: () => {},
      tags: new Set(['x', 'y']),
      numbers: new Set([1, 1n, 2.5]),
      mixed: new Set([1, 'x']),
      empty: new Set(),
      map: new Map([['k', [undefined, true]]]),
      pairs: new Map([[1, 'one']]),
      nested: { deep: [{ at: new Date(6), gone: undefined }] },
      json: { toJSON: () => ({ made: 1 }) },
    };
    await drain(table, [row]);
    const [item] = await scan(table);
    expect(item).toEqual({
      Id: { S: 'a\ufffdb' },
      text: { S: '' },
      big: { N: '1267650600228229401496703205376' },
      tiny: { N: '-0.00000015' },
      nan: { NULL: true },
      at: { S: '1970-01-01T00:00:00.005Z' },
      never: { NULL: true },
      bytes: { B: new Uint8Array([1, 255]) },
      none: { NULL: true },
      tags: { SS: ['x', 'y'] },
      numbers: { NS: ['1', '2.5'] },
      mixed: { L: [{ N: '1' }, { S: 'x' }] },
      empty: { L: [] },
      map: { M: { k: { L: [{ NULL: true }, { BOOL: true }] } } },
      pairs: { L: [{ L: [{ N: '1' }, { S: 'one' }] }] },
      nested: { M: { deep: { L: [{ M: { at: { S: '1970-01-01T00:00:00.006Z' } } }] } } },
      json: { M: { made: { N: '1' } } },
    });
  });

  it('rows go through a document client, whatever its marshalling options are', async () => {
    const table = await newTable();
    const strict = DynamoDBDocumentClient.from(client());
    await drain(table, [{ Id: 'a', gone: undefined, at: new Date(5), big: 2n ** 70n }], {
      more: { client: strict },
    });
    expect(await scan(table)).toEqual([
      { Id: { S: 'a' }, at: { S: '1970-01-01T00:00:00.005Z' }, big: { N: String(2n ** 70n) } },
    ]);
  });

  it('a table may have a sort key as well as a partition key, each of any type', async () => {
    const table = await create({ name: 'at', type: 'N' }, { name: 'digest', type: 'B' });
    const rows = [1, 2, 2].map((at, n) => ({ at, digest: new Uint8Array([n]) }));
    const key = ['at', 'digest'] as const;
    const position = { key: { at: -1, digest: 'position' } };
    await expect(drain(table, rows, { more: { key, position } })).rejects.toThrow(
      `cannot open dynamodb://${table}: its key is not at and digest, or has another type`,
    );
    const positions = await create({ name: 'job', type: 'S' });
    await drain(table, rows, { more: { key, position: { table: positions, key: { job: 'rows' } } } });
    expect(await scan(table)).toHaveLength(3);
  });
});

describe('a row that a DynamoDB table cannot hold', () => {
  it.each([
    ['has no "Id" that can be a key', { name: 'secret' }],
    ['has no "Id" that can be a key', { Id: '' }],
    ['has no "Id" that can be a key', { Id: undefined }],
    ['has no "Id" that can be a key', { Id: ['secret'] }],
    ['has no "Id" that can be a key', { Id: new Uint8Array() }],
    ['has no "Id" that can be a key', { Id: new Date(Number.NaN) }],
    ['is not an object', 'secret'],
    ['is not an object', null],
    ['is not an object', ['secret']],
    ['has a key of another type than the table', { Id: 5 }],
    ['has the key that is reserved for the position', { Id: RESERVED }],
    ['is larger than the 400 KB that an item may have', { Id: 'r2', text: 'secret'.repeat(70_000) }],
    ['has a number that DynamoDB cannot hold', { Id: 'r2', big: 10n ** 39n + 1n }],
    ['has a number that DynamoDB cannot hold', { Id: 'r2', big: 1e300 }],
    ['is nested more than 32 levels deep', nested(40)],
    ['is nested more than 32 levels deep', endless()],
  ])('a row is refused by its number, because it %s', async (flaw, row) => {
    const table = await newTable();
    const error = await drain(table, [...rowsOf(2), row, ...rowsOf(2)], { batch: 4 }).catch((one) => one);
    expect(error).toMatchObject({ code: 'ERR_DESTINATION_FAILED' });
    expect(error.message).toContain(`cannot write to dynamodb://${table}: row 3 ${flaw}`);
    expect(error.message).not.toMatch(/secret|\n/);
  });

  it('a refused row is numbered within the whole drain, and the rows of earlier writes stay', async () => {
    const table = await newTable();
    const rows = [...rowsOf(1_500), { name: 'no key' }];
    await expect(drain(table, rows, { batch: 500 })).rejects.toThrow('row 1,501 has no "Id"');
    expect((await idsIn(table)).filter((id) => id !== RESERVED)).toHaveLength(1_500);
  });
});

function nested(depth: number): object {
  let value: object = {};
  for (let level = 0; level < depth; level++) value = { value };
  return { Id: 'r2', value };
}

function endless(): object {
  const value: Record<string, unknown> = { Id: 'r2' };
  value['self'] = value;
  return value;
}

describe('a DynamoDB table that is throttled', () => {
  it('items that the table did not process are sent again after a back-off', async () => {
    const table = await newTable();
    const clock = leapingClock();
    const faults: Fault[] = [
      { on: 'BatchWriteItem', process: 10 },
      { on: 'BatchWriteItem', process: 0 },
    ];
    const { requests } = await drain(table, rowsOf(25), { more: { clock }, faults });
    expect(requests.batches).toEqual([25, 15, 15]);
    expect(await idsIn(table)).toHaveLength(25);
    expect(clock.waits.filter((ms) => ms > 0)).toHaveLength(2);
  });

  it('a batch whose answer does not say what was left over is written again', async () => {
    const table = await newTable();
    const faults: Fault[] = [
      { on: 'BatchWriteItem', answer: {} },
      { on: 'BatchWriteItem', answer: { message: 'Rate exceeded' } },
      { on: 'UpdateItem', answer: {} },
    ];
    const { receipt } = await drain(table, rowsOf(30), { more: { clock: leapingClock() }, faults });
    expect(receipt).toMatchObject({ written: 30, complete: true });
    expect(await scan(table)).toHaveLength(30);
  });

  it('a drain waits for as long as the table is throttled, whichever request it throttles', async () => {
    const table = await newTable();
    const throttle = { name: 'ProvisionedThroughputExceededException' };
    const faults = ['UpdateItem', 'BatchWriteItem', 'GetItem', 'DeleteItem'].flatMap((on) =>
      Array.from({ length: 8 }, () => ({ on, error: throttle })),
    );
    const { receipt } = await drain(table, rowsOf(3), { more: { clock: leapingClock() }, faults });
    expect(receipt).toMatchObject({ complete: true, written: 3 });
    expect(await idsIn(table)).toEqual(['r0', 'r1', 'r2']);
  });

  it('a table that stays throttled is given up with an error that says what to do', async () => {
    const table = await newTable();
    const faults = Array.from({ length: 500 }, () => ({ on: 'BatchWriteItem', process: 0 }));
    await expect(drain(table, rowsOf(3), { more: { clock: leapingClock() }, faults })).rejects.toMatchObject({
      code: 'ERR_DESTINATION_FAILED',
      message: `cannot write to dynamodb://${table}: the table is throttled for too long; raise its capacity, and run it again to resume`,
    });
  });

  it('an abort ends a drain that waits for a throttled table', async () => {
    const table = await newTable();
    const clock = manualClock();
    const abort = new AbortController();
    const faults = Array.from({ length: 50 }, () => ({
      on: 'BatchWriteItem',
      process: 0,
      meanwhile: () => abort.abort('stop'),
    }));
    const drained = drain(table, rowsOf(3), { more: { clock }, faults, signal: abort.signal });
    await expect(drained).rejects.toBe('stop');
    expect(clock.sleepers).toBe(0);
  });
});

describe('a DynamoDB table that cannot be used', () => {
  it.each<[string, Partial<DynamoDBOptions>]>([
    [
      'the table does not exist in this account and Region; create it, or correct its name',
      { table: 'missing' },
    ],
    ['its key is not name, or has another type; pass the names of its key attributes', { key: 'name' }],
    ['its key is not Id and at, or has another type', { key: ['Id', 'at'] }],
    ['its key is not Id, or has another type', { position: { key: { Id: 1 } } }],
    ['no AWS credentials were found; configure them', { client: withoutCredentials() }],
  ])('a table that cannot be used is refused when it is opened: %s', async (message, more) => {
    const table = await newTable();
    const error = await drain(table, rowsOf(3), { more }).catch((one) => one);
    expect(error).toMatchObject({ code: 'ERR_DESTINATION_FAILED', cause: { name: expect.any(String) } });
    expect(error.message).toContain(`cannot open dynamodb://${more.table ?? table}: ${message}`);
    expect(await scan(table)).toEqual([]);
  });

  it.each([
    ['AccessDeniedException', 'the credentials do not allow it; allow dynamodb:GetItem'],
    ['ExpiredTokenException', 'AWS rejected the credentials (ExpiredTokenException); renew them'],
  ])('the error of a table says what to do about %s', async (name, message) => {
    const table = await newTable();
    const run = drain(table, rowsOf(3), { faults: [{ on: 'BatchWriteItem', error: { name } }] });
    await expect(run).rejects.toThrow(`cannot write to dynamodb://${table}: ${message}`);
  });

  it.each([
    [{ client: {} }, 'client must be a DynamoDBClient or a DynamoDBDocumentClient'],
    [{ client: { send() {}, config: { serviceId: 'S3' } } }, 'client must be a DynamoDBClient'],
    [{ table: '' }, 'table must be the name of a table, received ""'],
    [{ key: undefined }, "key must be the name of the table's partition key"],
    [{ key: ['Id', 'Id'] }, "key must be the name of the table's partition key"],
    [{ key: ['a', 'b', 'c'] }, "key must be the name of the table's partition key"],
    [{ position: { key: {} } }, 'position.key must be the key of an item'],
    [{ position: { key: { other: 'x' } } }, 'position.key must be a key with Id'],
    [{ position: { key: { Id: '' } } }, 'position.key must be the key of an item'],
    [{ position: { table: 'rows', key: { other: 'x' } } }, 'position.key must be a key with Id'],
    [{ positions: 'x' }, 'unknown option "positions" in options of dynamodb'],
  ])('dynamodb refuses the options %j', (more, message) => {
    const options = { client: client(), table: 'rows', key: 'Id', ...more } as DynamoDBOptions;
    expect(() => dynamodb(options)).toThrow(message);
  });
});

function withoutCredentials(): DynamoDBClient {
  const error = Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' });
  return client({ credentials: () => Promise.reject(error) });
}

describe('the position in a DynamoDB table', () => {
  const stopAt = (written: number, abort: AbortController) => (totals: DrainTotals) =>
    void (totals.written >= written && abort.abort('stop'));

  async function leaveUnfinished(table: string, more: Partial<DynamoDBOptions> = {}) {
    const abort = new AbortController();
    const options = { batch: 10, signal: abort.signal, onProgress: stopAt(10, abort) };
    await expect(drain(table, rowsOf(30), { more, ...options })).rejects.toBe('stop');
  }

  it('the position is one item with a reserved key while a drain is unfinished', async () => {
    const table = await newTable();
    await leaveUnfinished(table);
    const items = await scan(table);
    expect(items.filter(({ Id }) => Id?.S === RESERVED)).toHaveLength(1);
    expect(items).toHaveLength(11);
    const { receipt } = await drain(table, rowsOf(30));
    expect(receipt).toMatchObject({ resumed: 1, written: 30 });
    expect(await idsIn(table)).not.toContain(RESERVED);
  });

  it('the positions of several jobs that fill one table may be in another table', async () => {
    const [table, positions] = [await newTable(), await create({ name: 'job', type: 'S' })];
    for (const job of ['a', 'b']) {
      await leaveUnfinished(table, { position: { table: positions, key: { job } } });
    }
    expect(await scan(table)).toHaveLength(10);
    expect((await scan(positions)).map(({ job }) => job?.S).sort()).toEqual(['a', 'b']);
  });

  it('a drain that wrote nothing leaves no position behind', async () => {
    const table = await newTable();
    const abort = new AbortController();
    const hanging = () => {
      abort.abort('stop');
      return new Promise<never>(() => {});
    };
    const target = dynamodb({ client: client(), table, key: 'Id' });
    const rows = fromPages(hanging, { query: { operation: 'rows' } });
    await expect(rows.drainTo(target, { signal: abort.signal })).rejects.toBe('stop');
    expect(await scan(table)).toEqual([]);
  });

  it('after a newer run has opened the table, an older one writes no row', async () => {
    const table = await newTable();
    const one = client();
    const requests = intercept(one, []);
    const older = dynamodb({ client: one, table, key: 'Id' });
    const newer = dynamodb({ client: client(), table, key: 'Id' });
    const job = { query: { operation: 'rows', input: {} }, chain: [] };
    const { signal } = new AbortController();
    const { fence } = await older.open(job, { signal });
    const opened = await newer.open(job, { signal });
    expect(opened.fence).toBeGreaterThan(fence);
    const totals = {
      startedAt: '',
      pages: 1,
      items: 2,
      written: 2,
      failed: 0,
      requests: 1,
      throttles: 0,
      waitedMs: 0,
    };
    const cursor = { version: 2, offset: 2, key: 'r1', query: job.query } as const;
    const position = { fence, cursor, totals: { ...totals, restarts: 0, resumed: 0 } };
    await expect(older.write(rowsOf(2), position)).rejects.toMatchObject({ code: 'ERR_DESTINATION_FENCED' });
    expect(requests.batches).toEqual([]);
    await newer.finish({ ...position, fence: opened.fence, reason: 'exhausted' });
    await expect(older.write(rowsOf(2), position)).rejects.toMatchObject({ code: 'ERR_DESTINATION_FENCED' });
    expect(await scan(table)).toEqual([]);
  });

  it('the position is deleted although the answer to that is lost', async () => {
    const table = await newTable();
    const faults: Fault[] = [{ on: 'DeleteItem', error: { name: 'TimeoutError' }, takesEffect: true }];
    const { receipt } = await drain(table, rowsOf(3), { more: { clock: leapingClock() }, faults });
    expect(receipt.complete).toBe(true);
    expect(await idsIn(table)).toEqual(['r0', 'r1', 'r2']);
  });

  it('a position that cannot be read is an error that says how to start over', async () => {
    const table = await newTable();
    const Item = { Id: { S: RESERVED }, position: { S: '{"fence":' } };
    await client().send(new PutItemCommand({ TableName: table, Item }));
    await expect(drain(table, rowsOf(3))).rejects.toMatchObject({
      code: 'ERR_DESTINATION_FAILED',
      message: `the position in dynamodb://${table} cannot be read; delete its item to start over`,
    });
  });
});
