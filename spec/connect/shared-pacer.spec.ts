import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { ListUsersCommand } from '@aws-sdk/client-connect';
import { expect, it, onTestFinished } from 'vitest';
import { paginate } from '../../lib/aws/paginate.js';
import { userDetails } from '../../lib/connect/index.js';
import type { WaitEvent } from '../../lib/core/events.js';
import type { Outcome, Pacer } from '../../lib/core/pacer.js';
import { leapingClock } from '../support/leaping-clock.js';
import { sandboxFor } from '../support/sandbox-for.js';
import { clientFor } from './sandbox-users.js';

/** A pacer for every operation: each permit takes a second, and it counts how many are out at once. */
function pacerOfAll() {
  const clock = leapingClock();
  const settled: Outcome['kind'][] = [];
  const counts = { acquired: 0, out: 0, mostOut: 0 };
  const pacer: Pacer = {
    async acquire() {
      await clock.sleep(1000);
      counts.acquired++;
      counts.mostOut = Math.max(counts.mostOut, ++counts.out);
      return {
        settle: ({ kind }) => {
          counts.out--;
          settled.push(kind);
        },
      };
    },
  };
  return { clock, pacer, counts, settled };
}

async function start() {
  const sandbox = await sandboxFor({ users: 1_200 });
  const client = clientFor(sandbox);
  const paced = pacerOfAll();
  const options = {
    fields: ['Id', 'RoutingProfileName', 'SecurityProfileNames'],
    pace: paced.pacer,
    clock: paced.clock,
    retry: false,
  } as const;
  const walk = userDetails(client, { InstanceId: sandbox.instanceId }, options).open();
  return { sandbox, walk, ...paced };
}

it('a page with names waits for its permit once the names are there, so that a pacer of one permit is enough', async () => {
  const { walk, counts, settled } = await start();
  for await (const _ of walk);
  expect(counts).toEqual({ acquired: 5, out: 0, mostOut: 1 });
  expect(settled).toEqual(Array(5).fill('ok'));
});

it('a page whose names cannot be listed keeps no permit', async () => {
  const { sandbox, walk, settled, counts } = await start();
  sandbox.inject({ kind: 'server-error' }, { operation: 'ListRoutingProfiles' });
  await expect(walk.next()).rejects.toMatchObject({ code: 'ERR_REQUEST_FAILED' });
  expect(settled).toEqual(['lost']);
  expect(counts.out).toBe(0);
});

it('the waits for the names count in the stats of their traversal, and each names its operation', async () => {
  const { walk } = await start();
  const operations: (string | undefined)[] = [];
  const keep = (event: unknown) => operations.push((event as WaitEvent).operation);
  subscribe('pageturn:wait', keep);
  onTestFinished(() => void unsubscribe('pageturn:wait', keep));
  for await (const _ of walk);
  expect(walk.stats.quotaWaitMs).toBe(5_000);
  expect(operations).toEqual([
    'Connect.ListRoutingProfiles',
    'Connect.ListSecurityProfiles',
    'Connect.SearchUsers',
    'Connect.SearchUsers',
    'Connect.SearchUsers',
  ]);
});

it('a permit is given back if its page cannot be requested', async () => {
  const sandbox = await sandboxFor({ users: 3 });
  const { pacer, settled } = pacerOfAll();
  const { instanceId: InstanceId } = sandbox;
  const users = paginate(clientFor(sandbox), ListUsersCommand, { InstanceId }, { pace: pacer });
  const { cursor } = users.open();
  const walk = users.open({ from: { ...cursor, token: 'pageturn-json:{' } });
  await expect(walk.next()).rejects.toThrow();
  await expect.poll(() => settled).toEqual(['lost']);
});
