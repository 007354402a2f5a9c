import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  ConnectClient,
  DescribeUserCommand,
  ListUsersCommand,
  TagResourceCommand,
  type UserSummary,
} from '@aws-sdk/client-connect';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { IAMClient, ListUsersCommand as ListIamUsersCommand } from '@aws-sdk/client-iam';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { createSender } from '../../lib/aws/create-sender.js';
import { type PaginateOptions, paginate } from '../../lib/aws/paginate.js';
import { settled } from '../../lib/aws/settled.js';
import { leapingClock } from '../support/leaping-clock.js';
import { type Canned, cannedServer } from './canned-server.js';

const NAMES = Array.from({ length: 10 }, (_, i) => `u${i}`);

/** Empty answers, by how the real client reads them. */
const SILENT: readonly (readonly [string, Canned])[] = [
  ['a 200 without a body', { body: '' }],
  ['a 204', { status: 204, body: '' }],
  ['a 202', { status: 202, body: '' }],
  ['an empty object', { body: '{}' }],
  ['an empty array', { body: '[]' }],
  ['keys in another case', { body: '{"userSummaryList":[{"Id":"x"}],"nextToken":"9"}' }],
  ['lower keys', { body: '{"usersummarylist":[{"Id":"x"}],"nexttoken":"9"}' }],
  ['keys of another operation', { body: '{"QueueSummaryList":[],"Marker":"9"}' }],
  ['an envelope', { body: '{"data":{"UserSummaryList":[]}}' }],
  ['a text', { body: '"x"' }],
  ['a number', { body: '7' }],
  ['false', { body: 'false' }],
];

/** Answers that the client cannot read. */
const UNREADABLE: readonly (readonly [string, Canned])[] = [
  ['null', { body: 'null' }],
  ['white space', { body: ' \n' }],
  ['a page of HTML', { type: 'text/html', body: '<html><body>Sign in</body></html>' }],
  ['half of the JSON', { body: '{"UserSummaryList":[{"Id":' }],
];

const THROTTLES: readonly (readonly [string, Canned])[] = [
  ['a message', { body: '{"message":"Rate exceeded"}' }],
  ['a capital message', { body: '{"Message":"Too Many Requests"}' }],
  ['a type', { body: '{"__type":"a.b#ThrottlingException","message":"Rate exceeded"}' }],
  ['a type alone', { body: '{"__type":"TooManyRequestsException"}' }],
  ['an error', { body: '{"error":{"code":"Throttling","message":"slow"}}' }],
  ['a code', { body: '{"code":"SlowDown","message":"reduce your rate"}' }],
  ['the envelope of a gateway', { body: '{"Output":{"__type":"a#ThrottledException"},"Version":"1.0"}' }],
];

const FINAL: readonly (readonly [string, Canned, string])[] = [
  ['a type', { body: '{"__type":"x#AccessDeniedException","Message":"no"}' }, 'AccessDeniedException'],
  ['a code', { body: '{"code":"ResourceNotFoundException","message":"no"}' }, 'ResourceNotFoundException'],
  ['an error', { body: '{"error":{"type":"x","code":"Forbidden"}}' }, 'Forbidden'],
];

/** Five pages of two users; the page at `at` answers with the canned answers first. */
async function users(answers: readonly Canned[], options: PaginateOptions<UserSummary> = {}, at = 2) {
  const left = [...answers];
  const { config, requests } = await cannedServer(({ url }) => {
    const page = Number(new URL(url, 'http://x').searchParams.get('nextToken') ?? 0);
    const canned = page === at ? left.shift() : undefined;
    if (canned) return canned;
    const UserSummaryList = NAMES.slice(2 * page, 2 * page + 2).map((Id) => ({ Id }));
    return { body: JSON.stringify({ UserSummaryList, ...(page < 4 && { NextToken: String(page + 1) }) }) };
  });
  const client = new ConnectClient(config);
  const listing = paginate(
    client,
    ListUsersCommand,
    { InstanceId: 'i' },
    {
      pace: false,
      clock: leapingClock(),
      ...options,
    },
  );
  return { listing, requests };
}

async function idsOf(listing: AsyncIterable<{ Id?: string | undefined }>): Promise<(string | undefined)[]> {
  const ids: (string | undefined)[] = [];
  for await (const { Id } of listing) ids.push(Id);
  return ids;
}

describe('an empty AWS answer after a page that promised more', () => {
  it.each([...SILENT, ...UNREADABLE, ...THROTTLES])(
    'an empty AWS answer after a page that promised more is retried: %s',
    async (_what, canned) => {
      const { listing, requests } = await users([canned, canned]);
      const walk = listing.open();
      expect(await idsOf(walk)).toEqual(NAMES);
      expect(requests).toHaveLength(7);
      expect(walk.end).toMatchObject({ reason: 'exhausted' });
    },
  );

  it.each(SILENT)('an AWS answer that stays empty is ERR_PAGE_INVALID: %s', async (_what, canned) => {
    const { listing } = await users(Array(1_000).fill(canned));
    await expect(listing.toArray()).rejects.toMatchObject({
      code: 'ERR_PAGE_INVALID',
      message: expect.stringMatching(/^Connect\.ListUsers .*onEmptyAnswer: 'stop'/),
    });
  });

  it.each(['sdk', false] as const)(
    'an empty AWS answer is ERR_PAGE_INVALID at once with retry: %s',
    async (retry) => {
      const { listing, requests } = await users([{ body: '{}' }], { retry });
      await expect(listing.toArray()).rejects.toMatchObject({ code: 'ERR_PAGE_INVALID', attempts: 1 });
      expect(requests).toHaveLength(3);
    },
  );

  it.each(SILENT)("an empty AWS answer is the end with onEmptyAnswer: 'stop': %s", async (_what, canned) => {
    const { listing } = await users([canned], { onEmptyAnswer: 'stop' });
    expect(await idsOf(listing)).toEqual(NAMES.slice(0, 4));
  });

  it('an empty answer of a mocked command is ERR_PAGE_INVALID', async () => {
    const mock = mockClient(ConnectClient);
    mock.on(ListUsersCommand, { NextToken: '1' }).resolves({});
    mock
      .on(ListUsersCommand, { NextToken: undefined })
      .resolves({ UserSummaryList: [{ Id: 'a' }], NextToken: '1' });
    const listing = paginate(
      new ConnectClient({ region: 'us-east-1' }),
      ListUsersCommand,
      { InstanceId: 'i' },
      {
        retry: false,
      },
    );
    await expect(listing.toArray()).rejects.toMatchObject({ code: 'ERR_PAGE_INVALID' });
    mock.restore();
  });
});

describe('an AWS answer with any content', () => {
  it.each([
    ['an empty list', '{"UserSummaryList":[]}'],
    ['a list that is null', '{"UserSummaryList":null}'],
    ['a token that is null', '{"NextToken":null}'],
    ['an empty token', '{"NextToken":""}'],
    ['an empty list with a message', '{"UserSummaryList":[],"message":"Rate exceeded"}'],
  ])('an AWS answer with any content is the end, even after a token: %s', async (_what, body) => {
    const { listing, requests } = await users([{ body }]);
    expect(await idsOf(listing)).toEqual(NAMES.slice(0, 4));
    expect(requests).toHaveLength(3);
  });

  it('an AWS answer whose list has another type is an error', async () => {
    for (const list of ['"abc"', '7', 'true', '{"0":{"Id":"x"}}']) {
      const { listing } = await users([{ body: `{"UserSummaryList":${list}}` }]);
      await expect(listing.toArray()).rejects.toMatchObject({ code: 'ERR_PAGE_INVALID' });
    }
  });
});

describe('an AWS answer with a token of another type', () => {
  it.each(['[]', '[null]', '[""]', '["3"]'])(
    'an AWS answer whose token is a list is an error, and not the end: %s',
    async (token) => {
      const { listing } = await users([{ body: `{"UserSummaryList":[{"Id":"u4"}],"NextToken":${token}}` }]);
      await expect(listing.toArray()).rejects.toMatchObject({
        code: 'ERR_PAGE_INVALID',
        message: expect.stringContaining('Connect.ListUsers: NextToken must be '),
      });
    },
  );
});

describe('an AWS answer that is an error in disguise', () => {
  it.each(THROTTLES)(
    'an AWS answer that is a throttle in disguise counts as a throttle: %s',
    async (_what, canned) => {
      const { listing } = await users([canned]);
      const walk = listing.open();
      expect(await idsOf(walk)).toEqual(NAMES);
      expect(walk.stats).toMatchObject({ throttles: 1, attempts: 6 });
    },
  );

  it.each(FINAL)(
    'an AWS answer that is a final error in disguise is that error at once: %s',
    async (_what, canned, name) => {
      const { listing, requests } = await users([canned]);
      await expect(listing.toArray()).rejects.toMatchObject({ code: 'ERR_REQUEST_FAILED', cause: { name } });
      expect(requests).toHaveLength(3);
    },
  );

  it.each(THROTTLES)(
    'an AWS error in disguise on the first page is not an empty listing: %s',
    async (_what, canned) => {
      const { listing } = await users([canned], {}, 0);
      expect(await idsOf(listing)).toEqual(NAMES);
    },
  );

  it('a throttle in disguise is retried after the wait that the answer asks for', async () => {
    const clock = leapingClock();
    const headers = { 'retry-after': '7' };
    const { listing } = await users([{ body: '{"message":"Rate exceeded"}', headers }], { clock });
    const startedAt = clock.now();
    await listing.toArray();
    expect(clock.now() - startedAt).toBeGreaterThanOrEqual(7_000);
  });

  it('an AWS error in disguise is recognised by the header with its type', async () => {
    const headers = { 'x-amzn-errortype': 'ThrottlingException:http://internal.amazon.com/' };
    const { listing } = await users([{ body: '', headers }]);
    const walk = listing.open();
    expect(await idsOf(walk)).toEqual(NAMES);
    expect(walk.stats.throttles).toBe(1);
  });
});

describe('an empty AWS answer on the first page', () => {
  it.each(SILENT)('an empty AWS answer on the first page is an empty listing: %s', async (_what, canned) => {
    const { listing, requests } = await users([canned], {}, 0);
    expect(await idsOf(listing)).toEqual([]);
    expect(requests).toHaveLength(1);
  });
});

describe('an empty answer in another protocol', () => {
  const options = { pace: false, retry: false } as const;
  const xml = (body: string): Canned => ({ type: 'text/xml', body });

  it.each(['', '{}', '[]', 'null', '{"tableNames":["x"]}'])(
    'an empty answer is found in AWS JSON: %s',
    async (body) => {
      const { config } = await cannedServer(({ body: sent }) => ({
        body: sent.includes('Exclusive') ? body : '{"TableNames":["a"],"LastEvaluatedTableName":"a"}',
      }));
      const tables = paginate(new DynamoDBClient(config), ListTablesCommand, {}, options);
      await expect(tables.toArray()).rejects.toMatchObject({ code: 'ERR_PAGE_INVALID' });
    },
  );

  it.each(['{"__type":"ThrottlingException","message":"Rate exceeded"}', '{"message":"Rate exceeded"}'])(
    'a throttle in disguise is found in AWS JSON: %s',
    async (body) => {
      const { config } = await cannedServer(({ body: sent }) => ({
        body: sent.includes('nextToken') ? body : '{"logGroups":[{}],"nextToken":"a"}',
      }));
      const groups = paginate(new CloudWatchLogsClient(config), DescribeLogGroupsCommand, {}, options);
      await expect(groups.toArray()).rejects.toMatchObject({
        code: 'ERR_REQUEST_FAILED',
        cause: { message: 'Rate exceeded' },
      });
    },
  );

  it.each([
    ['nothing', '', 'ERR_PAGE_INVALID'],
    ['an empty result', '<ListUsersResponse><ListUsersResult/></ListUsersResponse>', 'ERR_PAGE_INVALID'],
    [
      'an error',
      '<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>',
      'ERR_REQUEST_FAILED',
    ],
  ])('an empty answer is found in the Query protocol: %s', async (_what, body, code) => {
    const { config } = await cannedServer(({ body: sent }) =>
      xml(
        sent.includes('Marker')
          ? body
          : '<ListUsersResponse><ListUsersResult><Users><member><UserName>a</UserName></member></Users><IsTruncated>true</IsTruncated><Marker>m</Marker></ListUsersResult></ListUsersResponse>',
      ),
    );
    const iam = paginate(new IAMClient(config), ListIamUsersCommand, {}, options);
    await expect(iam.toArray()).rejects.toMatchObject({ code });
  });

  it('an empty answer of S3 is found, although it has headers that the model knows', async () => {
    const { config } = await cannedServer(({ url }) => ({
      ...xml(
        url.includes('continuation-token')
          ? '<ListBucketResult/>'
          : '<ListBucketResult><IsTruncated>true</IsTruncated><Contents><Key>a</Key></Contents><NextContinuationToken>t</NextContinuationToken></ListBucketResult>',
      ),
      headers: { 'x-amz-request-charged': 'requester' },
    }));
    const objects = paginate(
      new S3Client(config),
      ListObjectsV2Command,
      { Bucket: 'b' },
      { ...options, items: 'Contents' },
    );
    await expect(objects.toArray()).rejects.toMatchObject({ code: 'ERR_PAGE_INVALID' });
  });
});

describe('a page of HTML in place of an AWS answer', () => {
  const SIGN_IN = '<!DOCTYPE html>\n<html lang="en"><head><title>Sign in</title></head><body>x</body></html>';

  it.each<[string, Canned]>([
    ['a short one', { type: 'text/html', body: SIGN_IN }],
    ['a long one', { type: 'text/html', body: SIGN_IN.replace('x', 'x'.repeat(20_000)) }],
    ['an upper-case one', { type: 'text/html', body: '<HTML><BODY>Sign in</BODY></HTML>' }],
    ['an XHTML one', { type: 'application/xhtml+xml', body: `<?xml version="1.0"?> ${SIGN_IN}` }],
    ['one after a comment', { type: 'text/html', body: `<!-- proxy\n -->${SIGN_IN}` }],
    ['one with the type of XML', { type: 'text/xml', body: ` \n${SIGN_IN}` }],
  ])(
    'a page of HTML is retried wherever it stands, and never is an empty listing: %s',
    async (_what, html) => {
      for (const onEmptyAnswer of ['fail', 'stop'] as const) {
        for (const at of [0, 1]) {
          let left = 2;
          const { config, requests } = await cannedServer(({ body }) => {
            const page = body.includes('Marker') ? 1 : 0;
            if (page === at && left-- > 0) return html;
            const more = page === 0 ? '<IsTruncated>true</IsTruncated><Marker>m</Marker>' : '';
            const user = `<Users><member><UserName>u${page}</UserName></member></Users>`;
            return {
              type: 'text/xml',
              body: `<ListUsersResponse><ListUsersResult>${user}${more}</ListUsersResult></ListUsersResponse>`,
            };
          });
          const options = { pace: false, clock: leapingClock(), onEmptyAnswer } as const;
          const iam = paginate(new IAMClient(config), ListIamUsersCommand, {}, options);
          expect((await iam.toArray()).map(({ UserName }) => UserName)).toEqual(['u0', 'u1']);
          expect(requests).toHaveLength(4);
        }
      }
    },
  );

  it('a page of HTML that comes with every attempt is the error of the request', async () => {
    const { config } = await cannedServer(() => ({ type: 'text/html', body: SIGN_IN }));
    const options = { pace: false, clock: leapingClock() } as const;
    await expect(
      paginate(new IAMClient(config), ListIamUsersCommand, {}, options).toArray(),
    ).rejects.toMatchObject({
      code: 'ERR_RETRY_EXHAUSTED',
      cause: { message: 'the answer has no data from the service: it is a page of HTML' },
    });
  });
});

describe('a sender', () => {
  async function sender(canned: readonly Canned[]) {
    const left = [...canned];
    const { config, requests } = await cannedServer(() => left.shift() ?? { body: '{"User":{"Id":"u"}}' });
    return { client: new ConnectClient(config), requests };
  }

  it.each(THROTTLES)(
    'a sender retries an answer that is a throttle in disguise: %s',
    async (_what, canned) => {
      const { client, requests } = await sender([canned]);
      const send = createSender(client, DescribeUserCommand, { pace: false, clock: leapingClock() });
      expect((await send({ InstanceId: 'i', UserId: 'u' })).User).toEqual({ Id: 'u' });
      expect(requests).toHaveLength(2);
    },
  );

  it("a sender distinguishes an item's error in disguise from the caller's", async () => {
    const { client } = await sender([
      { body: '{"__type":"ResourceNotFoundException","Message":"no"}' },
      { body: '{"__type":"AccessDeniedException","Message":"no"}' },
    ]);
    const send = createSender(client, DescribeUserCommand, { pace: false });
    const describeUser = settled((UserId: string, _call: object) => send({ InstanceId: 'i', UserId }));
    expect(await describeUser('u', {})).toMatchObject({
      item: 'u',
      error: { code: 'ERR_REQUEST_FAILED', cause: { name: 'ResourceNotFoundException' } },
    });
    await expect(describeUser('u', {})).rejects.toMatchObject({ cause: { name: 'AccessDeniedException' } });
  });

  it('a sender retries a page of HTML, although the operation has no output', async () => {
    const { client, requests } = await sender([
      { type: 'text/html', body: '<html><body>Sign in</body></html>' },
      { body: '' },
    ]);
    await createSender(client, TagResourceCommand, { pace: false, clock: leapingClock() })({
      resourceArn: 'arn',
      tags: {},
    });
    expect(requests).toHaveLength(2);
  });

  it('a sender passes an empty answer on, because some operations have no output', async () => {
    const { client } = await sender([{ body: '' }, { body: '{}' }, { body: '{"message":"tagged"}' }]);
    const send = createSender(client, TagResourceCommand, { pace: false, retry: false });
    for (let i = 0; i < 3; i++) await send({ resourceArn: 'arn', tags: {} });
  });
});
