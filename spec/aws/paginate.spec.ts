import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  ConnectClient,
  DescribeUserCommand,
  InvalidParameterException,
  ListContactEvaluationsCommand,
  ListUsersCommand,
  SearchUsersCommand,
} from '@aws-sdk/client-connect';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import {
  IAMClient,
  ListEntitiesForPolicyCommand,
  ListUsersCommand as ListIamUsersCommand,
} from '@aws-sdk/client-iam';
import { ListObjectsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { paginate } from '../../lib/aws/paginate.js';
import { listUsers } from '../../lib/connect/list-users.js';
import { PageturnError } from '../../lib/core/errors.js';

const region = 'eu-central-1';
const logs = new CloudWatchLogsClient({ region });
// New clients for each spec, because a client's listings share one pace.
let connect: ConnectClient;
let iam: IAMClient;
let s3: S3Client;
let dynamo: DynamoDBClient;
let mocks: ReturnType<typeof mockClients>;
beforeEach(() => {
  connect = new ConnectClient({ region });
  iam = new IAMClient({ region });
  s3 = new S3Client({ region });
  dynamo = new DynamoDBClient({ region });
  mocks = mockClients();
});

function mockClients() {
  return {
    connect: mockClient(connect),
    iam: mockClient(iam),
    s3: mockClient(s3),
    dynamo: mockClient(dynamo),
  };
}

const InstanceId = 'x';
const user = (Id: string) => ({ Id, Username: `user-${Id}` });

/** Three pages of users, the second empty. */
function threePages() {
  mocks.connect
    .on(ListUsersCommand, { NextToken: undefined })
    .resolves({ UserSummaryList: [user('1'), user('2')], NextToken: 'A' })
    .on(ListUsersCommand, { NextToken: 'A' })
    .resolves({ UserSummaryList: [], NextToken: 'B' })
    .on(ListUsersCommand, { NextToken: 'B' })
    .resolves({ UserSummaryList: [user('3')] });
}

const inputsSent = (mock: { calls(): { args: readonly [{ readonly input: unknown }, ...unknown[]] }[] }) =>
  mock.calls().map(({ args: [command] }) => command.input);

describe('a listing of a command', () => {
  it('a listing of a command yields the items of every page, across an empty one', async () => {
    threePages();
    const users = await paginate(connect, ListUsersCommand, { InstanceId }).toArray();
    expect(users.map(({ Id }) => Id)).toEqual(['1', '2', '3']);
  });

  it('a listing of a command sends nothing until it is iterated', () => {
    paginate(connect, ListUsersCommand, { InstanceId });
    expect(mocks.connect.calls()).toHaveLength(0);
  });

  it('a listing sends the token of the previous page with each request, and the page size with all of them', async () => {
    threePages();
    await paginate(connect, ListUsersCommand, { InstanceId }, { pageSize: 2 }).toArray();
    expect(inputsSent(mocks.connect)).toEqual([
      { InstanceId, MaxResults: 2 },
      { InstanceId, MaxResults: 2, NextToken: 'A' },
      { InstanceId, MaxResults: 2, NextToken: 'B' },
    ]);
  });

  it('paginate accepts the page size in the input', async () => {
    threePages();
    await paginate(connect, ListUsersCommand, { InstanceId, MaxResults: 7 }).take(1).toArray();
    expect(inputsSent(mocks.connect)).toEqual([{ InstanceId, MaxResults: 7 }]);
  });

  it('a listing sends its input as it was, although the caller changes its lists and objects for another one', async () => {
    mocks.connect.on(SearchUsersCommand).resolves({ Users: [] });
    const input = { InstanceId, SearchFilter: { TagFilter: { OrConditions: [[{ TagKey: 'a' }]] } } };
    const sent = structuredClone(input);
    const users = paginate(connect, SearchUsersCommand, input, { items: 'Users' });
    const { cursor } = users.open();
    input.SearchFilter.TagFilter.OrConditions[0]?.push({ TagKey: 'b' });
    input.SearchFilter.TagFilter.OrConditions.push([]);
    await users.toArray();
    expect(inputsSent(mocks.connect)).toMatchObject([sent]);
    expect(() =>
      paginate(connect, SearchUsersCommand, input, { items: 'Users' }).open({ from: cursor }),
    ).toThrow(expect.objectContaining({ code: 'ERR_CURSOR_MISMATCH' }));
  });

  it.each([
    [
      'a getter',
      Object.defineProperty({ InstanceId }, 'Hidden', { get: () => 1, enumerable: true }),
      'input.Hidden',
    ],
    ['a hidden member', Object.defineProperty({ InstanceId }, 'Hidden', { value: 1 }), 'input.Hidden'],
    ['a symbol', { InstanceId, [Symbol('Hidden')]: 1 }, 'input.Symbol(Hidden)'],
  ])('paginate and listUsers refuse %s in the input by its name', (_what, input, path) => {
    const refused = expect.objectContaining({
      code: 'ERR_INVALID_ARGUMENT',
      message: expect.stringContaining(`${path} must be plain data`),
    });
    expect(() => paginate(connect, ListUsersCommand, input)).toThrow(refused);
    expect(() => listUsers(connect, input)).toThrow(refused);
  });

  it('paginate accepts a frozen input and does not modify it', async () => {
    threePages();
    const input = Object.freeze({ InstanceId });
    const users = paginate(connect, ListUsersCommand, input);
    expect(await users.toArray()).toHaveLength(3);
    expect(input).toEqual({ InstanceId });
  });

  it('a listing of a command yields everything again on a second run and on concurrent runs', async () => {
    threePages();
    const input = { InstanceId };
    const users = paginate(connect, ListUsersCommand, input, { pace: false });
    const others = paginate(connect, ListUsersCommand, input, { pace: false });
    const runs = await Promise.all([users.toArray(), others.toArray(), users.toArray()]);
    expect(runs.map((run) => run.length)).toEqual([3, 3, 3]);
  });

  it('a listing uses the input as it was when the listing was created', async () => {
    threePages();
    const input = { InstanceId };
    const users = paginate(connect, ListUsersCommand, input);
    input.InstanceId = 'another';
    await users.take(1).toArray();
    expect(inputsSent(mocks.connect)).toEqual([{ InstanceId }]);
  });

  it('a listing treats a missing list as an empty one', async () => {
    mocks.connect.on(ListUsersCommand).resolves({});
    await expect(paginate(connect, ListUsersCommand, { InstanceId }).toArray()).resolves.toEqual([]);
  });

  it("a listing yields pages with the service's output and its total", async () => {
    mocks.connect.on(SearchUsersCommand).resolves({ Users: [{ Id: '1' }], ApproximateTotalCount: 12_000 });
    const [page] = await paginate(connect, SearchUsersCommand, { InstanceId }).pages().toArray();
    expect(page).toMatchObject({ total: 12_000, output: { ApproximateTotalCount: 12_000 } });
  });

  it('a listing of a command resumes at the failed page after an error in the middle', async () => {
    threePages();
    mocks.connect
      .on(ListUsersCommand, { NextToken: 'A' })
      .rejectsOnce(new InvalidParameterException({ message: 'no', $metadata: {} }))
      .resolves({ UserSummaryList: [user('3')] });
    const walk = paginate(connect, ListUsersCommand, { InstanceId }).open();
    const seen: unknown[] = [];
    await expect(async () => {
      for await (const { Id } of walk) seen.push(Id);
    }).rejects.toMatchObject({ code: 'ERR_REQUEST_FAILED', cause: { name: 'InvalidParameterException' } });
    for await (const { Id } of walk) seen.push(Id);
    expect(seen).toEqual(['1', '2', '3']);
  });

  it.each([
    ['a list that is not an array', { UserSummaryList: 'none' }, 'UserSummaryList'],
    ['an undefined response, as a mock without one gives', undefined, 'Connect.ListUsers'],
  ])('a listing fails with ERR_PAGE_INVALID for %s', async (_what, output, named) => {
    mocks.connect.on(ListUsersCommand).resolves(output as object);
    const work = paginate(connect, ListUsersCommand, { InstanceId }).toArray();
    await expect(work).rejects.toMatchObject({
      code: 'ERR_PAGE_INVALID',
      message: expect.stringContaining(named),
    });
  });

  it('a listing opens at a cursor of another listing of the same query, whatever its page size', async () => {
    threePages();
    const walk = paginate(connect, ListUsersCommand, { InstanceId }).open();
    await walk.next();
    await walk.next();
    await walk.return();
    const again = paginate(connect, ListUsersCommand, { InstanceId }, { pageSize: 500 });
    const rest: unknown[] = [];
    for await (const { Id } of again.open({ from: walk.cursor })) rest.push(Id);
    expect(rest).toEqual(['2', '3']);
  });

  it('a listing of a command refuses a cursor of another query', async () => {
    const { cursor } = paginate(connect, ListUsersCommand, { InstanceId }).open();
    const other = paginate(connect, ListUsersCommand, { InstanceId: 'another' });
    expect(() => other.open({ from: cursor })).toThrow(
      expect.objectContaining({ code: 'ERR_CURSOR_MISMATCH' }),
    );
  });
});

describe('the names of a paged operation', () => {
  it('the names of a paged operation come from the command: IAM pages by Marker until IsTruncated is false', async () => {
    mocks.iam
      .on(ListIamUsersCommand, { Marker: undefined })
      .resolves({ Users: [{ UserId: '1' } as never], IsTruncated: true, Marker: 'A' })
      .on(ListIamUsersCommand, { Marker: 'A' })
      .resolves({ Users: [{ UserId: '2' } as never], IsTruncated: false, Marker: 'left over' });
    const users = await paginate(iam, ListIamUsersCommand, {}, { pageSize: 1 }).toArray();
    expect(users.map(({ UserId }) => UserId)).toEqual(['1', '2']);
    expect(inputsSent(mocks.iam)).toEqual([{ MaxItems: 1 }, { MaxItems: 1, Marker: 'A' }]);
  });

  it('the option items chooses one of several lists', async () => {
    mocks.s3
      .on(ListObjectsV2Command, { ContinuationToken: undefined })
      .resolves({ Contents: [{ Key: 'a' }], IsTruncated: true, NextContinuationToken: 'A' })
      .on(ListObjectsV2Command, { ContinuationToken: 'A' })
      .resolves({ Contents: [{ Key: 'b' }], IsTruncated: false, ContinuationToken: 'A' });
    const objects = paginate(s3, ListObjectsV2Command, { Bucket: 'x' }, { items: 'Contents' });
    expect((await objects.toArray()).map(({ Key }) => Key)).toEqual(['a', 'b']);
  });

  it('functions can replace the names of a paged operation', async () => {
    mocks.s3
      .on(ListObjectsCommand, { Marker: undefined })
      .resolves({ Contents: [{ Key: 'a' }, { Key: 'b' }], IsTruncated: true })
      .on(ListObjectsCommand, { Marker: 'b' })
      .resolves({ Contents: [{ Key: 'c' }], IsTruncated: false });
    const keys = paginate(
      s3,
      ListObjectsCommand,
      { Bucket: 'x' },
      {
        items: (page) => page.Contents?.map(({ Key }) => Key),
        next: (page) => page.NextMarker ?? page.Contents?.at(-1)?.Key,
      },
    );
    expect(await keys.toArray()).toEqual(['a', 'b', 'c']);
  });

  it('a page that reports more but has no token is an error', async () => {
    mocks.s3.on(ListObjectsV2Command).resolves({ Contents: [{ Key: 'a' }], IsTruncated: true });
    const objects = paginate(s3, ListObjectsV2Command, { Bucket: 'x' }, { items: 'Contents' });
    await expect(objects.toArray()).rejects.toMatchObject({ code: 'ERR_PAGE_INVALID' });
  });

  it('a token can be a DynamoDB key, whose binary values survive a cursor stored as JSON', async () => {
    const key = { pk: { S: 'a' }, sk: { B: Uint8Array.from([0, 128, 255]) }, n: { N: '1' } };
    mocks.dynamo
      .on(QueryCommand, { ExclusiveStartKey: undefined })
      .resolves({ Items: [{ pk: { S: 'a' } }], LastEvaluatedKey: key })
      .on(QueryCommand, { ExclusiveStartKey: key })
      .resolves({ Items: [{ pk: { S: 'b' } }] });
    const rows = paginate(dynamo, QueryCommand, { TableName: 'x' });
    const walk = rows.open();
    await walk.next();
    const from = JSON.parse(JSON.stringify(walk.cursorAfter));
    const rest = [];
    for await (const { pk } of rows.open({ from })) rest.push(pk);
    expect(rest).toEqual([{ S: 'b' }]);
    expect(inputsSent(mocks.dynamo).at(-1)).toEqual({ TableName: 'x', ExclusiveStartKey: key });
  });
});

describe('a token that the service rejects', () => {
  const refuse = (message: string) =>
    mocks.connect
      .on(ListUsersCommand, { NextToken: 'A' })
      .rejects(new InvalidParameterException({ message, $metadata: { httpStatusCode: 400 } }));

  it('a token that the service rejects fails the traversal with ERR_TOKEN_REJECTED', async () => {
    threePages();
    refuse('The NextToken has expired');
    const work = paginate(connect, ListUsersCommand, { InstanceId }).toArray();
    await expect(work).rejects.toMatchObject({
      code: 'ERR_TOKEN_REJECTED',
      cause: { name: 'InvalidParameterException' },
    });
  });

  it('a rejected token is distinguished from other bad requests', async () => {
    threePages();
    refuse('InstanceId is not valid');
    const work = paginate(connect, ListUsersCommand, { InstanceId }).toArray();
    await expect(work).rejects.toMatchObject({ code: 'ERR_REQUEST_FAILED' });
  });
});

describe('the arguments of paginate', () => {
  const connect = new ConnectClient({ region });
  const iam = new IAMClient({ region });
  const input = { InstanceId };
  class OldCommand {
    resolveMiddleware() {}
  }
  const cases: [what: string, code: string, named: string, args: unknown[]][] = [
    ['a missing client', 'ERR_INVALID_ARGUMENT', 'client', [undefined, ListUsersCommand, input]],
    ['a client without send', 'ERR_INVALID_ARGUMENT', 'client', [{}, ListUsersCommand, input]],
    ['a missing command', 'ERR_INVALID_ARGUMENT', 'command', [connect]],
    ['a command instance', 'ERR_INVALID_ARGUMENT', 'command', [connect, new ListUsersCommand(input), input]],
    ['a function for a command', 'ERR_INVALID_ARGUMENT', 'command', [connect, () => {}, input]],
    ['a class that is not a command', 'ERR_INVALID_ARGUMENT', 'command', [connect, Map, input]],
    ['a missing input', 'ERR_INVALID_ARGUMENT', 'input', [connect, ListUsersCommand]],
    ['an input that is a string', 'ERR_INVALID_ARGUMENT', 'input', [connect, ListUsersCommand, 'x']],
    [
      'an input with a token, as the SDK leaves behind',
      'ERR_INVALID_ARGUMENT',
      'input.NextToken',
      [connect, ListUsersCommand, { InstanceId, NextToken: 'A' }],
    ],
    ...(
      [
        ['an unknown option', 'pagesize', { pagesize: 1 }],
        ['options that are a number', 'options', 100],
        ['an unknown retry option', 'retries', { retry: { retries: 3 } }],
        ['retry: true', 'retry', { retry: true }],
        ['0 attempts', 'maxAttempts', { retry: { maxAttempts: 0 } }],
        ['0 milliseconds for all attempts', 'maxElapsedMs', { retry: { maxElapsedMs: 0 } }],
        ['a negative time for an attempt', 'attemptTimeoutMs', { retry: { attemptTimeoutMs: -1 } }],
        ['a page size of 0', 'pageSize', { pageSize: 0 }],
        ['a page size that is a string', 'pageSize', { pageSize: 'all' }],
        ['a token that is not in the input', 'token', { token: 'Marker' }],
        ['a next token that is not in the output', 'next', { next: 'Marker' }],
        ['a page size that is not in the input', 'pageSizeKey', { pageSizeKey: 'Limit' }],
        ['items that are not a list in the output', 'UserSummaryList', { items: 'NextToken' }],
      ] as const
    ).map(([what, named, options]): [string, string, string, unknown[]] => [
      what,
      'ERR_INVALID_ARGUMENT',
      named,
      [connect, ListUsersCommand, input, options],
    ]),
    [
      'several lists and no option items',
      'ERR_INVALID_ARGUMENT',
      'PolicyGroups, PolicyUsers, PolicyRoles',
      [iam, ListEntitiesForPolicyCommand, { PolicyArn: 'x' }],
    ],
    [
      'a page size for an operation without one',
      'ERR_INVALID_ARGUMENT',
      'pageSize',
      [connect, ListContactEvaluationsCommand, input, { pageSize: 5 }],
    ],
    [
      'a command that is not paged',
      'ERR_NOT_PAGED',
      'Connect.DescribeUser',
      [connect, DescribeUserCommand, input],
    ],
    [
      'a command without a schema and without names',
      'ERR_NOT_PAGED',
      'Connect.Old',
      [connect, OldCommand, input],
    ],
  ];

  it.each(cases)('paginate refuses %s before anything is sent', (_what, code, named, args) => {
    const make = () => Reflect.apply(paginate, undefined, args);
    expect(make).toThrow(PageturnError);
    expect(make).toThrow(expect.objectContaining({ code, message: expect.stringContaining(named) }));
  });
});

it('a command without a schema is listed by explicit names', async () => {
  const pages = new Map([
    [undefined, { rows: [1, 2], after: 'A' }],
    ['A', { rows: [3] }],
  ]);
  class ListRowsCommand {
    readonly input: { readonly from?: string };
    constructor(input: { readonly from?: string }) {
      this.input = input;
    }
    resolveMiddleware(_stack: unknown, _configuration: unknown, _options: unknown) {
      return async (_args: unknown) => ({ output: {} as { rows?: number[]; after?: string } });
    }
  }
  const client = {
    middlewareStack: {},
    send: async (command: ListRowsCommand) => pages.get(command.input.from),
  };
  const rows = paginate(client, ListRowsCommand, {}, { items: 'rows', token: 'from', next: 'after' });
  expect(await rows.toArray()).toEqual([1, 2, 3]);
});

it('the name of a service has no spaces in events and cursors', async () => {
  const groups = paginate(logs, DescribeLogGroupsCommand, {});
  expect(groups.open().cursor.query.operation).toBe('CloudWatchLogs.DescribeLogGroups');
});
