import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  NumberValue,
  QueryCommand,
  ScanCommand,
  type TranslateConfig,
} from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { paginate } from '../../../lib/aws/paginate.js';
import { startAwsService } from '../../support/aws-service.js';

/** Three rows, one to a page, whose key has a text, a number and bytes. */
const KEYS = ['1', '9007199254740993', '2.5'].map((n, i) => ({
  pk: { S: `row ${i}` },
  n: { N: n },
  b: { B: Buffer.from([i, 255]).toString('base64') },
}));

async function startTable(translateConfig?: TranslateConfig) {
  const service = await startAwsService(({ json }) => {
    const start = json['ExclusiveStartKey'];
    const at = start === undefined ? 0 : KEYS.findIndex((key) => isSame(key, start)) + 1;
    const row = KEYS[at];
    const isLast = at === KEYS.length - 1;
    return { Items: [row], Count: 1, ...(isLast ? {} : { LastEvaluatedKey: row }) };
  });
  const client = new DynamoDBClient(service.clientConfig);
  return { ...service, table: DynamoDBDocumentClient.from(client, translateConfig) };
}

function isSame(a: object, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

describe('the commands of the DynamoDB document client', () => {
  it.each([
    ['Scan', ScanCommand],
    ['Query', QueryCommand],
  ])('the document client lists all rows with %s, by keys that are plain objects', async (_name, command) => {
    const { table, requests } = await startTable();
    const rows = await paginate(table, command as typeof ScanCommand, { TableName: 't' }).toArray();
    expect(rows.map(({ pk, n }) => [pk, n])).toEqual([
      ['row 0', 1],
      ['row 1', 9007199254740993n],
      ['row 2', 2.5],
    ]);
    expect(requests.map(({ json }) => json['ExclusiveStartKey'])).toEqual([undefined, KEYS[0], KEYS[1]]);
  });

  it.each([
    ['as they are', undefined],
    ['wrapped', { unmarshallOptions: { wrapNumbers: true } }],
  ])(
    'the document client continues at a cursor stored as JSON, with numbers %s',
    async (_how, translateConfig) => {
      const { table } = await startTable(translateConfig);
      const rows = paginate(table, ScanCommand, { TableName: 't' });
      const walk = rows.open();
      await walk.next();
      await walk.next();
      const rest = [];
      for await (const { pk } of rows.open({ from: JSON.parse(JSON.stringify(walk.cursorAfter)) }))
        rest.push(pk);
      expect(rest).toEqual(['row 2']);
    },
  );

  it('a command of the document client has the name and the page size of the operation it sends', async () => {
    const { table, requests } = await startTable();
    const walk = paginate(table, ScanCommand, { TableName: 't' }, { pageSize: 1 }).open();
    await walk.next();
    expect(walk.cursor.query.operation).toBe('DynamoDB.Scan');
    expect(requests[0]?.json).toMatchObject({ Limit: 1 });
  });
});

describe('a number as an object in the input of the document client', () => {
  const walkFor = (table: DynamoDBDocumentClient, n: unknown) =>
    paginate(table, QueryCommand, {
      TableName: 't',
      KeyConditionExpression: 'n = :n',
      ExpressionAttributeValues: { ':n': n },
    });

  it('a number as an object is sent, and a cursor recognises it by its text', async () => {
    const { table, requests } = await startTable();
    const walk = walkFor(table, NumberValue.from('9007199254740993')).open();
    await walk.next();
    expect(requests[0]?.json['ExpressionAttributeValues']).toEqual({ ':n': { N: '9007199254740993' } });
    const { cursor } = walk;
    expect(() => walkFor(table, NumberValue.from('9007199254740993')).open({ from: cursor })).not.toThrow();
    for (const other of [
      NumberValue.from('9007199254740992'),
      { value: '9007199254740993' },
      '9007199254740993',
    ]) {
      expect(() => walkFor(table, other).open({ from: cursor })).toThrow(
        expect.objectContaining({ code: 'ERR_CURSOR_MISMATCH' }),
      );
    }
    await walk.return();
  });
});
