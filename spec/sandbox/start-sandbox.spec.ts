import { ListUsersCommand } from '@aws-sdk/client-connect';
import { expect, it } from 'vitest';
import { type SandboxOptions, startSandbox } from '../../lib/sandbox/index.js';
import { manualClock } from '../support/manual-clock.js';
import { start } from './client.js';

it('a sandbox has 1,000 users, 2 requests per second and a burst of 5 by default', async () => {
  const clock = manualClock();
  await using sandbox = await startSandbox({ clock });
  expect(sandbox.directory.size).toBe(1000);
  const statuses = [];
  for (let n = 0; n < 6; n++) {
    statuses.push((await fetch(`${sandbox.endpoint}/users-summary/${sandbox.instanceId}`)).status);
  }
  await clock.advance(500);
  statuses.push((await fetch(`${sandbox.endpoint}/users-summary/${sandbox.instanceId}`)).status);
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 200]);
});

it('a sandbox listens only on the loopback interface, on the given port', async () => {
  const { sandbox } = await start();
  const { hostname, port } = new URL(sandbox.endpoint);
  expect(hostname).toBe('127.0.0.1');
  await expect(startSandbox({ port: Number(port) })).rejects.toThrow('EADDRINUSE');
});

it.each<[string, unknown, string]>([
  ['users', -1, 'users must be a whole number from 0 to'],
  ['users', 1.5, 'users must be a whole number'],
  ['ratePerSecond', 0, 'ratePerSecond must be a number above 0, or Infinity, received 0'],
  ['ratePerSecond', Number.NaN, 'ratePerSecond must be'],
  ['burst', 0, 'burst must be a whole number of at least 1'],
  ['latencyMs', Number.POSITIVE_INFINITY, 'latencyMs must be a number of milliseconds'],
  ['seed', 'one', 'seed must be a whole number'],
  ['faults', {}, 'faults must be an array of faults'],
  ['faults', [{ kind: 'flood' }], 'faults[0].kind must be one of throttle'],
  ['faults', [{ kind: 'throttle', retryAfter: -1 }], 'faults[0].retryAfter must be'],
  ['faults', [{ kind: 'hang', status: 500 }], 'the fields of faults[0] must be among kind, operation'],
  [
    'faults',
    [{ kind: 'hang', operation: 'ListUser' }],
    'faults[0].operation must be an operation of the sandbox, such as ListUsers (did you mean ListUsers?), received "ListUser"',
  ],
  [
    'quotas',
    { DescribeUsr: {} },
    'a name in quotas must be an operation of the sandbox, such as ListUsers (did you mean DescribeUser?), received "DescribeUsr"',
  ],
  ['faults', [{ kind: 'hang', probability: 2 }], 'faults[0].probability must be'],
  ['faults', [{ kind: 'latency' }], 'faults[0].latencyMs must be'],
  ['tokens', 'page', 'tokens must be one of key, offset'],
  ['cors', '*', 'cors must be true or false'],
  ['clock', {}, 'clock must be an object with now() and sleep()'],
  ['port', 65_536, 'port must be a whole number'],
  ['userCount', 5, 'the options of startSandbox must be among users'],
])('startSandbox rejects %s: %j', async (name, value, message) => {
  const options = { [name]: value } as SandboxOptions;
  await expect(startSandbox(options)).rejects.toMatchObject({
    code: 'ERR_INVALID_ARGUMENT',
    message: expect.stringContaining(message),
  });
});

it('inject rejects an invalid fault scope', async () => {
  const { sandbox } = await start();
  expect(() => sandbox.inject({ kind: 'hang' }, { times: 0 })).toThrow('fault.times must be a whole number');
});

it('close ends at once with requests open, and their connections and timers are gone', async () => {
  const clock = manualClock();
  const { sandbox, client, InstanceId } = await start({ latencyMs: 1000, clock });
  const waiting = client.send(new ListUsersCommand({ InstanceId })).catch((error: unknown) => error);
  await expect.poll(() => clock.sleepers).toBe(1);
  await sandbox.close();
  expect(await waiting).toBeInstanceOf(Error);
  expect(clock.sleepers).toBe(0);
  await sandbox.close();
  await expect(fetch(sandbox.endpoint)).rejects.toThrow('fetch failed');
});

it('the sandbox keeps serving after a client hangs up during a request', async () => {
  const clock = manualClock();
  const { sandbox, client, InstanceId } = await start({ latencyMs: 1000, clock });
  const hangUp = new AbortController();
  const waiting = fetch(`${sandbox.endpoint}/instance`, { signal: hangUp.signal }).catch(() => 'hung up');
  await expect.poll(() => clock.sleepers).toBe(1);
  hangUp.abort();
  expect(await waiting).toBe('hung up');
  await clock.advance(1000);
  const call = client.send(new ListUsersCommand({ InstanceId, MaxResults: 1 }));
  await expect.poll(() => clock.sleepers).toBe(1);
  await clock.advance(1000);
  expect((await call).UserSummaryList).toHaveLength(1);
});
