import { DescribeInstanceCommand, ListUsersCommand, ListViewsCommand } from '@aws-sdk/client-connect';
import { expect, it } from 'vitest';
import { manualClock } from '../support/manual-clock.js';
import { failureOf, start } from './client.js';

it('the quota allows a burst, throttles early requests and refills at its rate', async () => {
  const clock = manualClock();
  const { client, InstanceId, sandbox } = await start({ ratePerSecond: 2, burst: 5, clock });
  const call = () =>
    client.send(new ListUsersCommand({ InstanceId, MaxResults: 1 })).then(
      () => 'served',
      (error: Error) => error.name,
    );
  const calls = async (count: number) => {
    const outcomes = [];
    for (let n = 0; n < count; n++) outcomes.push(await call());
    return outcomes.filter((outcome) => outcome === 'served').length;
  };
  expect(await calls(8)).toBe(5);
  await clock.advance(499);
  expect(await call()).toBe('ThrottlingException');
  await clock.advance(1);
  expect(await calls(3)).toBe(1);
  await clock.advance(60_000);
  expect(await calls(8)).toBe(5);
  expect(sandbox.stats().operations.ListUsers).toEqual({
    requests: 20,
    served: 11,
    throttles: 9,
    failures: 0,
  });
});

it('each operation has its own quota and its own name for the throttling error', async () => {
  const { client, InstanceId } = await start({ ratePerSecond: 1, burst: 1, clock: manualClock() });
  await client.send(new ListUsersCommand({ InstanceId }));
  expect(await failureOf(client.send(new ListUsersCommand({ InstanceId })))).toEqual({
    name: 'ThrottlingException',
    status: 429,
    message: 'Rate exceeded',
  });
  await client.send(new DescribeInstanceCommand({ InstanceId }));
  await client.send(new ListViewsCommand({ InstanceId }));
  expect(await failureOf(client.send(new ListViewsCommand({ InstanceId })))).toMatchObject({
    name: 'TooManyRequestsException',
    status: 429,
  });
});

it('responses take the configured latency on the sandbox clock', async () => {
  const clock = manualClock();
  const { client, InstanceId, sandbox } = await start({ latencyMs: 150, clock });
  const calls = [1, 2, 3].map((MaxResults) => client.send(new ListUsersCommand({ InstanceId, MaxResults })));
  await expect.poll(() => clock.sleepers).toBe(3);
  await clock.advance(149);
  expect(clock.sleepers).toBe(3);
  await clock.advance(1);
  expect((await Promise.all(calls)).map(({ UserSummaryList }) => UserSummaryList?.length)).toEqual([1, 2, 3]);
  expect(sandbox.stats().maxConcurrent).toBe(3);
  expect(sandbox.stats().log.map(({ atMs, status }) => [atMs, status])).toEqual([
    [150, 200],
    [150, 200],
    [150, 200],
  ]);
});

it('the stats hold a log of all requests, and changing the copy does not affect the sandbox', async () => {
  const { client, InstanceId, sandbox } = await start();
  await client.send(new ListUsersCommand({ InstanceId }));
  await failureOf(client.send(new ListUsersCommand({ InstanceId: 'wrong' })));
  await fetch(`${sandbox.endpoint}/nowhere`);
  const stats = sandbox.stats();
  expect(stats.log.map(({ operation, status }) => [operation, status])).toEqual([
    ['ListUsers', 200],
    ['ListUsers', 404],
    [undefined, 404],
  ]);
  expect(stats).toMatchObject({ requests: 3, served: 1, throttles: 0, failures: 2, maxConcurrent: 1 });
  Object.assign(stats.operations.ListUsers, { requests: 99 });
  expect(sandbox.stats().operations.ListUsers.requests).toBe(2);
});
