import { runInNewContext } from 'node:vm';
import { DynamoDBClient, ListBackupsCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paginate } from '../../../lib/aws/paginate.js';
import { tokenCodec } from '../../../lib/aws/token-codec.js';
import { startAwsService } from '../../support/aws-service.js';

/** A token after a cursor was stored as JSON. */
function stored(token: unknown): unknown {
  const encoded = tokenCodec.encode(token);
  return encoded === undefined ? undefined : tokenCodec.decode(JSON.parse(JSON.stringify(encoded)));
}

describe('a token in a cursor', () => {
  it.each<[what: string, token: unknown]>([
    ['a text', 'A'],
    ['a text that looks like an encoded token', 'pageturn-json:"x"'],
    ['a number', 7],
    ['zero', 0],
    ['a large integer', 2n ** 70n],
    ['a time', new Date(1_700_000_000_123)],
    ['bytes', Uint8Array.from([0, 128, 255])],
    ['parts', ['a', undefined, 3]],
    ['a key', { pk: { S: 'a' }, sk: { B: Uint8Array.from([1]) }, at: new Date(5) }],
    ['a key whose attribute is named as the encoding names its own', { '$pageturn-bytes': 'AAAA', n: 1n }],
    ['a key whose attribute is named as the encoding of such a key', { '$pageturn-entries': [['a', 1]] }],
  ])('a token is the same after JSON: %s', (_what, token) => {
    expect(stored(token)).toEqual(Array.isArray(token) ? token.map((part) => part ?? null) : token);
  });

  it('a token of any plain data is the same after JSON', () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        fc.string(),
        fc.integer(),
        fc.bigInt(),
        fc.boolean(),
        fc.date({ noInvalidDate: true }),
        fc.uint8Array(),
        fc.dictionary(fc.oneof(fc.string(), fc.constant('$pageturn-date')), tie('value'), {
          noNullPrototype: true,
        }),
        fc.array(tie('value'), { minLength: 1, maxLength: 3 }),
      ),
    })).value;
    fc.assert(
      fc.property(fc.record({ key: value }), (token) => {
        expect(stored(token)).toEqual(token);
      }),
    );
  });

  it('a key of another realm is the same after JSON', () => {
    expect(stored(runInNewContext('({ pk: { S: "a" } })'))).toEqual({ pk: { S: 'a' } });
  });

  it.each<[what: string, token: unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['an empty text', ''],
    ['parts of which there are none', [undefined, '', null]],
  ])('there is no token if it is %s', (_what, token) => {
    expect(tokenCodec.encode(token)).toBeUndefined();
  });

  it.each<[what: string, token: unknown]>([
    ['a Map', new Map([['a', 1]])],
    ['a Set in a key', { key: new Set(['a']) }],
    ['an object of a class', new URL('https://example.com')],
    ['an invalid time', new Date(Number.NaN)],
    ['a function', { key: () => 'a' }],
    ['NaN', { key: Number.NaN }],
    ['an infinite number', Number.POSITIVE_INFINITY],
    ['an infinite number in a key', { key: Number.NEGATIVE_INFINITY }],
  ])('a token that a cursor cannot hold is refused: %s', (_what, token) => {
    expect(() => tokenCodec.encode(token)).toThrow(expect.objectContaining({ code: 'ERR_PAGE_INVALID' }));
  });
});

it('a time is sent as the service wants times, also when the listing continues at a stored cursor', async () => {
  const times = [1_700_000_000, 1_700_000_100.5, 1_700_000_200];
  const { clientConfig, requests } = await startAwsService(({ json }) => {
    const at = times.indexOf(Number(json['TimeRangeLowerBound'] ?? 0)) + 1;
    return { BackupSummaries: times.slice(at, at + 1).map((time) => ({ BackupCreationDateTime: time })) };
  });
  const backups = paginate(
    new DynamoDBClient(clientConfig),
    ListBackupsCommand,
    {},
    { token: 'TimeRangeLowerBound', next: 'BackupSummaries[-1].BackupCreationDateTime' },
  );
  const walk = backups.open();
  await walk.next();
  await walk.next();
  const from = JSON.parse(JSON.stringify(walk.cursor));
  const rest = [];
  for await (const { BackupCreationDateTime: time } of backups.open({ from })) rest.push(time?.getTime());
  expect(rest).toEqual([1_700_000_100_500, 1_700_000_200_000]);
  expect(requests.at(-1)?.json).toEqual({ TimeRangeLowerBound: 1_700_000_200 });
});
