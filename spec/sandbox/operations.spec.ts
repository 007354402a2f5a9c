import {
  DescribeInstanceCommand,
  ListInstancesCommand,
  ListQueuesCommand,
  ListRoutingProfilesCommand,
  ListUsersCommand,
  ListViewsCommand,
  paginateListInstances,
  paginateListQueues,
  SearchUsersCommand,
} from '@aws-sdk/client-connect';
import { expect, it } from 'vitest';
import { failureOf, start, walkPages } from './client.js';

it('ListUsers returns 100 users per page by default and 1,000 at most', async () => {
  const { client, InstanceId } = await start({ users: 1500 });
  const sizes = await Promise.all(
    [undefined, 1, 1000].map(async (MaxResults) => {
      const { UserSummaryList = [] } = await client.send(new ListUsersCommand({ InstanceId, MaxResults }));
      return UserSummaryList.length;
    }),
  );
  expect(sizes).toEqual([100, 1, 1000]);
});

it('the last page has no token, even if it is full or the directory is empty', async () => {
  const sizes = await Promise.all(
    [0, 99, 100, 101].map(async (users) => walkPages(await start({ users }), 50)),
  );
  expect(sizes.map((pages) => pages.map((page) => page.length))).toEqual([
    [0],
    [50, 49],
    [50, 50],
    [50, 50, 1],
  ]);
});

it('the sandbox rejects page sizes that are out of bounds', async () => {
  const { client, InstanceId } = await start();
  const failures = await Promise.all([
    failureOf(client.send(new ListUsersCommand({ InstanceId, MaxResults: 0 }))),
    failureOf(client.send(new ListUsersCommand({ InstanceId, MaxResults: 1001 }))),
    failureOf(client.send(new SearchUsersCommand({ InstanceId, MaxResults: 501 }))),
    failureOf(client.send(new ListInstancesCommand({ MaxResults: 11 }))),
  ]);
  for (const error of failures) {
    expect(error).toMatchObject({
      name: 'InvalidParameterException',
      status: 400,
      message: expect.stringContaining('maxResults'),
    });
  }
});

it('the sandbox rejects a token that is malformed or belongs to another operation or search', async () => {
  const { client, InstanceId } = await start();
  const { NextToken: ofQueues } = await client.send(new ListQueuesCommand({ InstanceId, MaxResults: 1 }));
  const SearchCriteria = {
    StringCondition: { FieldName: 'Username', Value: 'a', ComparisonType: 'STARTS_WITH' },
  } as const;
  const { NextToken: ofSearch } = await client.send(
    new SearchUsersCommand({ InstanceId, MaxResults: 1, SearchCriteria }),
  );
  expect([typeof ofQueues, typeof ofSearch]).toEqual(['string', 'string']);
  const failures = await Promise.all([
    failureOf(client.send(new ListUsersCommand({ InstanceId, NextToken: 'AAAA' }))),
    failureOf(client.send(new ListUsersCommand({ InstanceId, NextToken: ofQueues }))),
    failureOf(client.send(new ListUsersCommand({ InstanceId, NextToken: '' }))),
    failureOf(client.send(new SearchUsersCommand({ InstanceId, NextToken: ofSearch }))),
  ]);
  for (const error of failures) {
    expect(error).toMatchObject({
      name: 'InvalidRequestException',
      status: 400,
      message: expect.stringContaining('token'),
    });
  }
});

it('a token stays valid in another sandbox with the same seed and with another page size', async () => {
  const [before, after] = await Promise.all([start(), start()]);
  const { InstanceId } = before;
  const { NextToken } = await before.client.send(new ListUsersCommand({ InstanceId, MaxResults: 30 }));
  const { UserSummaryList } = await after.client.send(
    new ListUsersCommand({ InstanceId, NextToken, MaxResults: 2 }),
  );
  expect(UserSummaryList).toEqual([...after.sandbox.directory.users()].slice(30, 32));
});

it('an unknown instance in the path or the body is a ResourceNotFoundException', async () => {
  const { client, sandbox } = await start();
  for (const InstanceId of [
    'no-such-instance',
    `arn:aws:connect:us-east-1:123456789012:instance/${sandbox.instanceId}`,
  ]) {
    const failures = await Promise.all([
      failureOf(client.send(new ListUsersCommand({ InstanceId }))),
      failureOf(client.send(new SearchUsersCommand({ InstanceId }))),
      failureOf(client.send(new DescribeInstanceCommand({ InstanceId }))),
    ]);
    for (const error of failures)
      expect(error).toMatchObject({ name: 'ResourceNotFoundException', status: 404 });
  }
});

it('operations whose model accepts an ARN take the ARN of the instance', async () => {
  const { client, InstanceId } = await start();
  const { Instance } = await client.send(new DescribeInstanceCommand({ InstanceId }));
  const { ViewsSummaryList } = await client.send(new ListViewsCommand({ InstanceId: Instance?.Arn }));
  expect(ViewsSummaryList?.length).toBeGreaterThan(0);
});

it('the sandbox lists its instances ten per page, its own first, and describes each', async () => {
  const { client, InstanceId } = await start();
  const pages = [];
  for await (const page of paginateListInstances({ client }, {})) pages.push(page.InstanceSummaryList ?? []);
  expect(pages.map((page) => page.length)).toEqual([10, 2]);
  expect(pages[0]?.[0]?.Id).toBe(InstanceId);
  for (const summary of pages.flat()) {
    const { Instance } = await client.send(new DescribeInstanceCommand({ InstanceId: summary.Id }));
    expect(Instance).toEqual(summary);
    expect(Instance?.CreatedTime).toBeInstanceOf(Date);
  }
});

it('only the first instance has users unless the option says otherwise', async () => {
  const { client } = await start();
  const { InstanceSummaryList = [] } = await client.send(new ListInstancesCommand({}));
  const { UserSummaryList } = await client.send(
    new ListUsersCommand({ InstanceId: InstanceSummaryList[1]?.Id }),
  );
  expect(UserSummaryList).toEqual([]);
});

it('the sandbox pages through the queues and routing profiles of the instance', async () => {
  const { client, InstanceId } = await start();
  const names = [];
  for await (const page of paginateListQueues({ client, pageSize: 10 }, { InstanceId })) {
    names.push(...(page.QueueSummaryList ?? []).map(({ Name }) => Name));
  }
  expect(new Set(names).size).toBe(36);
  expect(names).toContain('Billing – Español');
  const { RoutingProfileSummaryList } = await client.send(new ListRoutingProfilesCommand({ InstanceId }));
  expect(RoutingProfileSummaryList).toHaveLength(12);
  const { QueueSummaryList } = await client.send(
    new ListQueuesCommand({ InstanceId, QueueTypes: ['AGENT'] }),
  );
  expect(QueueSummaryList).toEqual([]);
});
