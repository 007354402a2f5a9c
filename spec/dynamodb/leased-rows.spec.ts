import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { dynamodb } from '../../lib/dynamodb/index.js';
import { fromPages } from '../../lib/from-pages.js';
import { leapingClock } from '../support/leaping-clock.js';
import { tables } from '../support/tables.js';
import { type Fault, intercept } from './intercept.js';

const { client, create, scan } = tables();
const withoutTransactions = tables({ hasTransactions: false });

const rowsOf = (count: number) => Array.from({ length: count }, (_, n) => ({ Id: `r${n}` }));
const list = (rows: readonly object[]) =>
  fromPages(async () => ({ items: rows, next: undefined }), { query: { operation: 'rows' } });
const newTable = () => create({ name: 'Id', type: 'S' });

/** Drains rows with the lease 1, through a client whose requests meet faults, at a time that leaps from event to event. */
function drain(table: string, rows: readonly object[], faults: readonly Fault[] = []) {
  const one = client({ maxAttempts: 1 });
  intercept(one, faults);
  const target = dynamodb({ client: one, table, key: 'Id', clock: leapingClock() });
  return list(rows).drainTo(target, { lease: { token: 1 } });
}

const rowsIn = async (table: string, scanIt = scan) =>
  (await scanIt(table)).map(({ Id }) => Id?.S).filter((id) => id !== 'pageturn:position');

const cancelled = (...codes: string[]) => ({
  name: 'TransactionCanceledException',
  CancellationReasons: codes.map((Code) => ({ Code })),
});

describe('rows in a DynamoDB table that are written with a lease', () => {
  it('a write that is in progress when a run with a newer lease opens the table has no effect', async () => {
    const table = await newTable();
    const newer = dynamodb({ client: client(), table, key: 'Id' });
    const job = { query: { operation: 'rows', input: {} }, chain: [] };
    const open = () => newer.open(job, { signal: new AbortController().signal, lease: { token: 2 } });
    const late = drain(table, rowsOf(120), [
      { on: 'TransactWriteItems' },
      { on: 'TransactWriteItems', meanwhile: open },
    ]);
    await expect(late).rejects.toMatchObject({ code: 'ERR_DESTINATION_FENCED' });
    expect(await rowsIn(table)).toHaveLength(99);
  });

  it('rows are written all, as many as one transaction may have at a time', async () => {
    const table = await newTable();
    const { written } = await drain(table, rowsOf(120));
    expect(written).toBe(120);
    expect((await rowsIn(table)).length).toBe(120);
  });

  it.each([
    ['UpdateItem', ''],
    ['UpdateItem', '{}'],
    ['TransactWriteItems', ''],
    ['TransactWriteItems', '{"__type":"com.amazon.coral.service#InternalServerError","message":"no"}'],
    ['TransactWriteItems', '{"message":"Rate exceeded"}'],
  ])(
    'an answer to %s that DynamoDB does not give is not taken for a success: %j',
    async (operation, body) => {
      const table = await newTable();
      const one = client();
      const answers = [body];
      const { requestHandler } = one.config;
      const handle = requestHandler.handle.bind(requestHandler);
      requestHandler.handle = async (request, options) => {
        const isMet = request.headers['x-amz-target']?.endsWith(`.${operation}`);
        const answer = isMet ? answers.pop() : undefined;
        if (answer === undefined) return handle(request, options);
        return { response: { statusCode: 200, headers: {}, body: Readable.from([Buffer.from(answer)]) } };
      };
      const target = dynamodb({ client: one, table, key: 'Id', clock: leapingClock() });
      const { written } = await list(rowsOf(3)).drainTo(target, { lease: { token: 1 } });
      expect(written).toBe(3);
      expect(await rowsIn(table)).toHaveLength(3);
      expect(answers).toEqual([]);
    },
  );

  it.each([
    ['conflicts with another one', cancelled('TransactionConflict')],
    ['is too fast for the table', cancelled('None', 'ThrottlingError')],
    ['exceeds the throughput of the table', cancelled('None', 'ProvisionedThroughputExceeded')],
    ['is in progress already', { name: 'TransactionInProgressException' }],
  ])('a transaction that %s is sent again', async (_, error) => {
    const table = await newTable();
    const { written } = await drain(table, rowsOf(3), [{ on: 'TransactWriteItems', error }]);
    expect(written).toBe(3);
    expect(await rowsIn(table)).toHaveLength(3);
  });

  it('a row that is refused is named by its number, and nothing of its transaction is written', async () => {
    const table = await newTable();
    const refused = drain(table, [...rowsOf(4), { Id: 7 }, { Id: 'last' }]);
    await expect(refused).rejects.toThrow('row 5 has a key of another type than the table');
    expect(await rowsIn(table)).toEqual([]);
  });

  it('an emulator of DynamoDB that has no transactions gets batches', async () => {
    const table = await withoutTransactions.create({ name: 'Id', type: 'S' });
    const target = dynamodb({ client: withoutTransactions.client(), table, key: 'Id' });
    const { written } = await list(rowsOf(60)).drainTo(target, { lease: { token: 1 } });
    expect(written).toBe(60);
    expect(await rowsIn(table, withoutTransactions.scan)).toHaveLength(60);
  });
});
