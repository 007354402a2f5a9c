import {
  ConnectClient,
  DescribeUserCommand,
  ListUsersCommand,
  ListViewsCommand,
} from '@aws-sdk/client-connect';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { createSender } from '../../lib/aws/create-sender.js';
import { paginate } from '../../lib/aws/paginate.js';
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

const KEYS = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' };
const IN_ONE = { ...KEYS, accountId: '111111111111' };
const IN_OTHER = { ...KEYS, accountId: '222222222222' };

async function start() {
  const clock = leapingClock();
  const sandbox = await startSandbox({ users: [30, 30], clock });
  const clients: ConnectClient[] = [];
  open.push({ sandbox, clients });
  const connect = (config: ConstructorParameters<typeof ConnectClient>[0]) => {
    const client = new ConnectClient({ ...sandbox.clientConfig, ...config });
    clients.push(client);
    return client;
  };
  const [first, second] = sandbox.instances.map(({ id }) => id);
  const list = (client: ConnectClient, InstanceId = first) =>
    paginate(
      client,
      ListUsersCommand,
      { InstanceId },
      { pageSize: 1, pace: { learn: false }, clock },
    ).toArray();
  return { clock, sandbox, connect, list, second };
}

describe('the pace of an account', () => {
  it.each([
    ['fixed credentials', () => IN_ONE],
    ['a provider of credentials', () => async () => IN_ONE],
  ])('all instances and clients of an account share one pace, with %s', async (_what, credentials) => {
    const { sandbox, connect, list, second } = await start();
    const clients = [1, 2, 3].map(() => connect({ credentials: credentials() }));
    const users = await Promise.all(clients.map((client, n) => list(client, n === 1 ? second : undefined)));
    expect(users.map(({ length }) => length)).toEqual([30, 30, 30]);
    expect(sandbox.stats()).toMatchObject({ requests: 90, throttles: 0 });
  });

  it('a client that joins later draws on the same bucket with its very first request', async () => {
    const { sandbox, connect, list } = await start();
    await list(connect({ credentials: IN_ONE }));
    for (let n = 0; n < 5; n++) await list(connect({ credentials: IN_ONE }));
    expect(sandbox.stats()).toMatchObject({ requests: 180, throttles: 0 });
  });

  it('requests of a new client that are sent at once share the pace, too', async () => {
    // The bucket practically never fills, so that the order of the answers does not matter.
    const quota = { ratePerSecond: 0.001, burst: 12 };
    await using sandbox = await startSandbox({ users: 8, ...quota });
    const users = [...sandbox.directory.users()];
    const end = new AbortController();
    const describe = (credentials: typeof IN_ONE) => {
      const client = new ConnectClient({ ...sandbox.clientConfig, credentials });
      const send = createSender(client, DescribeUserCommand, { pace: { ...quota, learn: false } });
      return users.map(({ Id }) =>
        send({ InstanceId: sandbox.instanceId, UserId: Id }, { signal: end.signal }),
      );
    };
    await Promise.all(describe(IN_ONE));
    const second = describe(IN_ONE);
    let answered = 0;
    for (const one of second)
      one.then(
        () => ++answered === 4 && end.abort(),
        () => {},
      );
    const results = await Promise.allSettled(second);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    expect(sandbox.stats()).toMatchObject({ requests: 12, throttles: 0 });
  });

  it('the account is known from an ARN in the input', async () => {
    const { clock, sandbox, connect } = await start();
    const arns = sandbox.instances.slice(0, 3).map(({ arn }) => arn);
    const listed = arns.map((InstanceId) => {
      const options = { pageSize: 2, pace: { learn: false }, clock };
      return paginate(connect({}), ListViewsCommand, { InstanceId }, options).toArray();
    });
    await Promise.all(listed);
    expect(sandbox.stats().requests).toBeGreaterThan(10);
    expect(sandbox.stats().throttles).toBe(0);
  });

  it.each([
    ['two accounts', { credentials: IN_ONE }, { credentials: IN_OTHER }],
    ['two Regions', { credentials: IN_ONE }, { credentials: IN_ONE, region: 'eu-west-2' }],
    ['credentials that name no account', { credentials: KEYS }, { credentials: KEYS }],
  ])('%s do not share a pace', async (_what, one, other) => {
    const { sandbox, connect, list } = await start();
    await Promise.all([list(connect(one)), list(connect(other))]);
    // The sandbox has one bucket, so that two pacers are one too many.
    expect(sandbox.stats().throttles).toBeGreaterThan(0);
  });

  it('the credentials are resolved once and no request is sent to learn the account', async () => {
    const { sandbox, connect, list } = await start();
    let resolved = 0;
    await list(
      connect({
        credentials: async () => {
          resolved++;
          return IN_ONE;
        },
      }),
    );
    expect(resolved).toBe(1);
    expect(sandbox.stats().requests).toBe(30);
  });

  it('credentials of a client that is mocked are never resolved', async () => {
    let resolved = 0;
    const client = new ConnectClient({
      region: 'eu-central-1',
      credentials: async () => {
        resolved++;
        return IN_ONE;
      },
    });
    mockClient(client).onAnyCommand().resolves({ UserSummaryList: [] });
    const users = paginate(client, ListUsersCommand, { InstanceId: 'i-1' }, { clock: leapingClock() });
    expect(await users.toArray()).toEqual([]);
    expect(resolved).toBe(0);
  });

  it('the time that a request waits for the account counts as a wait for the quota', async () => {
    const { clock, connect, list } = await start();
    await list(connect({ credentials: IN_ONE }));
    const walk = paginate(
      connect({ credentials: IN_ONE }),
      ListUsersCommand,
      { InstanceId: open[0]?.sandbox.instanceId },
      { pace: { learn: false }, clock },
    ).open();
    await walk.next();
    expect(walk.stats.quotaWaitMs).toBeGreaterThan(0);
    await walk.return();
  });
});
