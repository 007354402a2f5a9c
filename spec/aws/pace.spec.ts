import { ConnectClient, ListUsersCommand } from '@aws-sdk/client-connect';
import { afterEach, describe, expect, it } from 'vitest';
import { paginate } from '../../lib/aws/paginate.js';
import type { Pacer } from '../../lib/core/pacer.js';
import { createPacers } from '../../lib/pace/pacers.js';
import { type Sandbox, startSandbox } from '../../lib/sandbox/index.js';
import { leapingClock } from '../support/leaping-clock.js';

// The sandbox's quota and pageturn's waits use the same clock, which leaps over every wait.
const open: { sandbox: Sandbox; clients: ConnectClient[] }[] = [];
afterEach(async () => {
  for (const { sandbox, clients } of open.splice(0)) {
    for (const client of clients) client.destroy();
    await sandbox.close();
  }
});

async function start() {
  const clock = leapingClock();
  const sandbox = await startSandbox({ users: 30, clock });
  const clients = [new ConnectClient(sandbox.clientConfig), new ConnectClient(sandbox.clientConfig)] as const;
  open.push({ sandbox, clients: [...clients] });
  return { clock, sandbox, clients, input: { InstanceId: sandbox.instanceId } };
}

const quota = { ratePerSecond: 2, burst: 5, learn: false };

describe('the pace of a listing', () => {
  it('a listing stays within a given quota without a single throttle', async () => {
    const { clock, sandbox, clients, input } = await start();
    const users = paginate(clients[0], ListUsersCommand, input, { pageSize: 1, pace: quota, clock });
    await expect(users.toArray()).resolves.toHaveLength(30);
    expect(sandbox.stats().throttles).toBe(0);
  });

  it('all listings of one client and operation share one pace', async () => {
    const { clock, sandbox, clients, input } = await start();
    const list = () => paginate(clients[0], ListUsersCommand, input, { pageSize: 1, pace: quota, clock });
    await Promise.all([list().toArray(), list().toArray(), list().toArray()]);
    expect(sandbox.stats().throttles).toBe(0);
  });

  it('clients with the same registry share one pace', async () => {
    const { clock, sandbox, clients, input } = await start();
    const pacers = createPacers({ ...quota, clock });
    const runs = clients.map((client) =>
      paginate(client, ListUsersCommand, input, { pageSize: 1, pacers, clock }).toArray(),
    );
    expect((await Promise.all(runs)).map((run) => run.length)).toEqual([30, 30]);
    expect(sandbox.stats().throttles).toBe(0);
  });

  it('the pace is learned by default: every user arrives, with few throttles', async () => {
    const { clock, sandbox, clients, input } = await start();
    const walk = paginate(clients[0], ListUsersCommand, input, { pageSize: 1, clock }).open();
    let users = 0;
    for await (const _user of walk) users++;
    expect(users).toBe(30);
    expect(walk.stats.throttles).toBe(sandbox.stats().throttles);
    expect(walk.stats.throttles).toBeLessThan(6);
  });

  it('a listing with pace: false is not paced', async () => {
    const { clock, sandbox, clients, input } = await start();
    await paginate(clients[0], ListUsersCommand, input, { pageSize: 1, pace: false, clock }).toArray();
    expect(sandbox.stats().throttles).toBeGreaterThan(10);
  });

  it("a listing asks the caller's own pacer before every request, and settles every permit with its outcome", async () => {
    const { clock, sandbox, clients, input } = await start();
    sandbox.inject({ kind: 'throttle', retryAfter: 3 }, { afterRequests: 1 });
    sandbox.inject({ kind: 'server-error' }, { afterRequests: 2 });
    const seen: unknown[] = [];
    const pace: Pacer = {
      async acquire() {
        seen.push('acquire');
        return { settle: (outcome) => void seen.push(outcome) };
      },
    };
    await paginate(clients[0], ListUsersCommand, input, { pageSize: 15, pace, clock }).toArray();
    const outcomes = [
      { kind: 'ok' },
      { kind: 'throttled', retryAfterMs: 3000 },
      { kind: 'lost' },
      { kind: 'ok' },
    ];
    expect(seen).toEqual(outcomes.flatMap((outcome) => ['acquire', outcome]));
  });

  it.each([
    ['by default', {}],
    ['with retry: false', { retry: false }],
    ["with retry: 'sdk'", { retry: 'sdk' }],
  ] as const)('does not stall for an hour after a Retry-After of an hour, %s', async (_how, options) => {
    const { clock, sandbox, clients, input } = await start();
    const [client] = clients;
    await paginate(client, ListUsersCommand, input, { clock }).toArray();
    sandbox.inject({ kind: 'throttle', retryAfter: 3600 });
    await expect(paginate(client, ListUsersCommand, input, { clock }).toArray()).rejects.toMatchObject({
      code: 'ERR_RETRY_EXHAUSTED',
      message: expect.stringContaining('asks to wait 3600 s'),
    });
    const before = sandbox.stats().requests;
    const later = paginate(client, ListUsersCommand, input, { clock, ...options }).toArray();
    await expect(later).rejects.toMatchObject({ code: 'ERR_RETRY_EXHAUSTED', attempts: 0 });
    expect(clock.now()).toBeLessThan(10_000);
    expect(sandbox.stats().requests).toBe(before);
    await clock.sleep(3_600_000);
    const users = await paginate(client, ListUsersCommand, input, { clock, ...options }).toArray();
    expect(users.length).toBeGreaterThan(0);
  });
});

describe('the pace options of paginate', () => {
  it.each([
    ['an unknown pace option', 'rate', { pace: { rate: 2 } }],
    ['pace: true', 'pace', { pace: true }],
    ['a rate of 0', 'ratePerSecond', { pace: { ratePerSecond: 0 } }],
    ['a share above 1', 'share', { pace: { share: 2 } }],
    ['pacers without a method get', 'pacers', { pacers: {} }],
  ])('paginate refuses %s before anything is sent', async (_what, named, options) => {
    const { sandbox, clients, input } = await start();
    expect(() => Reflect.apply(paginate, undefined, [clients[0], ListUsersCommand, input, options])).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT', message: expect.stringContaining(named) }),
    );
    expect(sandbox.stats().requests).toBe(0);
  });
});
