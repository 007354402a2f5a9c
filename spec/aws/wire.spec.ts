import { ConnectClient, DescribeUserCommand, ListUsersCommand } from '@aws-sdk/client-connect';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createSender } from '../../lib/aws/create-sender.js';
import { paginate } from '../../lib/aws/paginate.js';
import { settled } from '../../lib/aws/settled.js';
import { type Fault, type Sandbox, type SandboxOptions, startSandbox } from '../../lib/sandbox/index.js';
import { reply, startScriptedServer } from '../request/scripted-server.js';
import { leapingClock } from '../support/leaping-clock.js';

// The real client against the sandbox over HTTP, with a high quota and no pace, which pace.spec.ts covers.
const open: { sandbox: Sandbox; client: ConnectClient }[] = [];
afterEach(async () => {
  for (const { sandbox, client } of open.splice(0)) {
    client.destroy();
    await sandbox.close();
  }
});

async function start(options: SandboxOptions = {}) {
  const sandbox = await startSandbox({ users: 50, ratePerSecond: 1000, burst: 1000, ...options });
  const client = new ConnectClient(sandbox.clientConfig);
  open.push({ sandbox, client });
  return { sandbox, client, input: { InstanceId: sandbox.instanceId } };
}

/** How many different users a listing yields. */
async function countUsers(users: AsyncIterable<{ Id?: string | undefined }>): Promise<number> {
  const ids = new Set<string | undefined>();
  for await (const { Id } of users) ids.add(Id);
  return ids.size;
}

describe('a listing over HTTP', () => {
  it('a listing over HTTP yields every user once', async () => {
    const { client, input } = await start();
    const users = await paginate(client, ListUsersCommand, input, { pageSize: 7, pace: false }).toArray();
    expect(new Set(users.map(({ Id }) => Id)).size).toBe(50);
    expect(users).toHaveLength(50);
  });

  it('a listing over HTTP completes under the default quota by retries alone', async () => {
    const clock = leapingClock();
    const { sandbox, client, input } = await start({ users: 300, ratePerSecond: 2, burst: 5, clock });
    const users = paginate(client, ListUsersCommand, input, { pageSize: 1, pace: false, clock });
    expect(await countUsers(users)).toBe(300);
    expect(sandbox.stats().throttles).toBeGreaterThan(100);
  });

  const faults: [what: string, fault: Fault][] = [
    ['throttles', { kind: 'throttle' }],
    ['throttles with a retry-after', { kind: 'throttle', retryAfter: 1 }],
    ['throttles without a name', { kind: 'throttle-unnamed' }],
    ['throttles of a proxy, in HTML', { kind: 'throttle-html' }],
    ['500s', { kind: 'server-error' }],
    ['502s', { kind: 'server-error', status: 502 }],
    ['503s', { kind: 'server-error', status: 503 }],
    ['connections reset', { kind: 'reset' }],
    ['connections reset while sending headers', { kind: 'reset', at: 'headers' }],
    ['truncated bodies', { kind: 'truncated' }],
    ['bodies that are not JSON', { kind: 'invalid-json' }],
    ['empty pages', { kind: 'empty-page' }],
    ['answers that say nothing', { kind: 'empty-answer' }],
    ['answers without a body', { kind: 'empty-answer', body: '' }],
    ['throttles with the status of success', { kind: 'empty-answer', body: '{"message":"Rate exceeded"}' }],
    ['pages without a list', { kind: 'missing-list' }],
  ];
  it.each(faults)('a listing over HTTP is complete despite %s', async (_what, fault) => {
    const { sandbox, client, input } = await start();
    sandbox.inject(fault, { afterRequests: 2, times: 2 });
    const options = { pageSize: 10, pace: false, clock: leapingClock() } as const;
    expect(await countUsers(paginate(client, ListUsersCommand, input, options))).toBe(50);
  });

  it('a listing over HTTP is complete despite a response that never arrives', async () => {
    const { sandbox, client, input } = await start();
    sandbox.inject({ kind: 'hang' }, { afterRequests: 1 });
    const users = paginate(client, ListUsersCommand, input, {
      pageSize: 10,
      pace: false,
      retry: { attemptTimeoutMs: 100 },
    });
    expect(await countUsers(users)).toBe(50);
  });

  it("a listing over HTTP starts over when the service rejects a token and onTokenRejected is 'restart'", async () => {
    const { sandbox, client, input } = await start();
    sandbox.inject({ kind: 'expired-token' });
    const options = { pageSize: 10, pace: false, onTokenRejected: 'restart' } as const;
    const walk = paginate(client, ListUsersCommand, input, options).open();
    expect(await countUsers(walk)).toBe(50);
    expect(walk.end).toMatchObject({ reason: 'exhausted', restarts: 1 });
  });

  it.each([
    'InvalidToken',
    'PaginationTokenExpiredException',
    'ExpiredNextTokenException',
    'InvalidPaginationToken',
    'InvalidContinuationTokenException',
  ])('a listing over HTTP starts over when a token has expired: 400 %s', async (name) => {
    const { sandbox, client, input } = await start();
    sandbox.inject({ kind: 'error', status: 400, name, message: 'no' }, { afterRequests: 3 });
    const options = { pageSize: 10, pace: false, onTokenRejected: 'restart' } as const;
    const walk = paginate(client, ListUsersCommand, input, options).open();
    expect(await countUsers(walk)).toBe(50);
    expect(walk.end).toMatchObject({ reason: 'exhausted', restarts: 1 });
  });

  it('a listing over HTTP fails at once when credentials have expired, on any page', async () => {
    for (const afterRequests of [0, 3]) {
      const { sandbox, client, input } = await start();
      const message = 'The security token included in the request is expired';
      sandbox.inject(
        { kind: 'error', status: 400, name: 'ExpiredTokenException', message },
        { afterRequests },
      );
      const options = { pageSize: 10, pace: false, onTokenRejected: 'restart' } as const;
      const work = paginate(client, ListUsersCommand, input, options).toArray();
      await expect(work).rejects.toMatchObject({ code: 'ERR_REQUEST_FAILED', attempts: 1 });
    }
  });

  it('an InvalidToken on the first page does not count as a rejected page token', async () => {
    const { sandbox, client, input } = await start();
    sandbox.inject({ kind: 'error', status: 400, name: 'InvalidToken', message: 'no' });
    const work = paginate(client, ListUsersCommand, input, {
      pace: false,
      onTokenRejected: 'restart',
    }).toArray();
    await expect(work).rejects.toMatchObject({ code: 'ERR_REQUEST_FAILED' });
  });

  it('an InvalidToken of S3 means the credentials, even on a later page', async () => {
    const server = await startScriptedServer();
    onTestFinished(() => server.close());
    const page =
      '<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken><Contents><Key>a</Key></Contents></ListBucketResult>';
    const error =
      '<Error><Code>InvalidToken</Code><Message>The provided token is malformed or otherwise not valid.</Message></Error>';
    const xml = { 'content-type': 'application/xml' };
    server.answerWith((response, request) =>
      (request.url?.includes('continuation-token') ? reply(400, xml, error) : reply(200, xml, page))(
        response,
        request,
      ),
    );
    const client = new S3Client({
      region: 'eu-central-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      endpoint: server.endpoint,
      forcePathStyle: true,
    });
    onTestFinished(() => client.destroy());
    const options = { items: 'Contents', onTokenRejected: 'restart' } as const;
    const work = paginate(client, ListObjectsV2Command, { Bucket: 'b' }, options).toArray();
    await expect(work).rejects.toMatchObject({
      code: 'ERR_REQUEST_FAILED',
      cause: { name: 'InvalidToken' },
    });
  });

  it('a listing over HTTP fails with ERR_TOKEN_REJECTED when the service rejects a token', async () => {
    const { sandbox, client, input } = await start();
    sandbox.inject({ kind: 'expired-token' });
    const work = paginate(client, ListUsersCommand, input, { pageSize: 10, pace: false }).toArray();
    await expect(work).rejects.toMatchObject({ code: 'ERR_TOKEN_REJECTED', attempts: 1 });
  });

  it("a listing of a missing instance fails with the service's own exception as the cause", async () => {
    const { client } = await start();
    const InstanceId = '00000000-0000-4000-8000-000000000000';
    await expect(paginate(client, ListUsersCommand, { InstanceId }).toArray()).rejects.toMatchObject({
      code: 'ERR_REQUEST_FAILED',
      message: 'Connect.ListUsers failed: ResourceNotFoundException (HTTP 404)',
      attempts: 1,
      cause: { name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 } },
    });
  });

  it('a listing over HTTP counts its requests, throttles and waits', async () => {
    const { sandbox, client, input } = await start();
    sandbox.inject({ kind: 'throttle' }, { afterRequests: 1, times: 2 });
    const options = { pageSize: 10, pace: false, clock: leapingClock() } as const;
    const walk = paginate(client, ListUsersCommand, input, options).open();
    await countUsers(walk);
    expect(walk.stats).toMatchObject({ pages: 5, attempts: 7, throttles: 2 });
    expect(walk.stats.quotaWaitMs).toBeGreaterThan(0);
  });
});

describe('an abort over HTTP', () => {
  it('an abort ends a hanging HTTP request with the reason of the signal', async () => {
    const { sandbox, client, input } = await start();
    sandbox.inject({ kind: 'hang' });
    const controller = new AbortController();
    const work = paginate(client, ListUsersCommand, input, { signal: controller.signal }).toArray();
    await until(() => sandbox.stats().maxConcurrent === 1);
    controller.abort('enough');
    await expect(work).rejects.toBe('enough');
  });

  it('an abort closes the connection of the request', async () => {
    const { sandbox, client, input } = await start();
    sandbox.inject({ kind: 'hang' });
    const closed: string[] = [];
    client.middlewareStack.add(
      (next) => async (args) => {
        try {
          return await next(args);
        } catch (error) {
          closed.push((error as Error).name);
          throw error;
        }
      },
      { step: 'deserialize', name: 'watch', priority: 'low' },
    );
    const walk = paginate(client, ListUsersCommand, input).open();
    const waiting = walk.next();
    await until(() => sandbox.stats().maxConcurrent === 1);
    await walk.return();
    await expect(waiting).resolves.toMatchObject({ done: true });
    await until(() => closed.length > 0);
    expect(closed).toEqual(['AbortError']);
  });
});

describe("the SDK's own retry", () => {
  const down = { kind: 'server-error' } as const;

  it("the SDK's own retry is off for the requests of a listing: one attempt is one request", async () => {
    const { sandbox, client, input } = await start();
    sandbox.inject(down, { times: 3 });
    const work = paginate(client, ListUsersCommand, input, { retry: false }).toArray();
    await expect(work).rejects.toMatchObject({ code: 'ERR_REQUEST_FAILED', attempts: 1 });
    expect(sandbox.stats().requests).toBe(1);
  });

  it("the SDK's own retry does not multiply the maxAttempts of pageturn", async () => {
    const { sandbox, client, input } = await start();
    sandbox.inject(down, { times: 100 });
    const work = paginate(client, ListUsersCommand, input, {
      pace: false,
      retry: { maxAttempts: 4 },
    }).toArray();
    await expect(work).rejects.toMatchObject({ code: 'ERR_RETRY_EXHAUSTED', attempts: 4 });
    expect(sandbox.stats().requests).toBe(4);
  });

  it.each([false, true])(
    "the SDK's own retry stays on for the caller's own requests (cacheMiddleware: %s)",
    async (cacheMiddleware) => {
      const { sandbox, input } = await start();
      const client = new ConnectClient({ ...sandbox.clientConfig, cacheMiddleware });
      await client.send(new ListUsersCommand(input));
      await paginate(client, ListUsersCommand, input, { retry: false }).toArray();
      sandbox.inject(down, { times: 2 });
      const before = sandbox.stats().requests;
      await client.send(new ListUsersCommand(input));
      expect(sandbox.stats().requests - before).toBe(3);
      client.destroy();
    },
  );

  it("the SDK retries the requests with retry: 'sdk'", async () => {
    const { sandbox, client, input } = await start();
    sandbox.inject(down, { times: 2 });
    await expect(paginate(client, ListUsersCommand, input, { retry: 'sdk' }).toArray()).resolves.toHaveLength(
      50,
    );
    sandbox.inject(down, { times: 3 });
    const work = paginate(client, ListUsersCommand, input, { retry: 'sdk' }).toArray();
    await expect(work).rejects.toMatchObject({ code: 'ERR_REQUEST_FAILED' });
    expect(sandbox.stats().requests).toBe(6);
  });

  it('the retry is the only middleware that is replaced, whether the others were added before or after', async () => {
    const { client, input } = await start();
    const seen: string[] = [];
    const watch = (name: string) =>
      client.middlewareStack.add(
        (next) => (args) => {
          seen.push(name);
          return next(args);
        },
        { step: 'build', name },
      );
    watch('before');
    const users = paginate(client, ListUsersCommand, input, { pageSize: 50 });
    await users.take(1).toArray();
    watch('after');
    await users.take(1).toArray();
    expect(seen).toEqual(['before', 'before', 'after']);
  });
});

describe('a sender over HTTP', () => {
  let ids: string[];
  beforeEach(() => {
    ids = [];
  });

  it('a sender describes every user of a listing, several at a time, through throttles and faults', async () => {
    const { sandbox, client, input } = await start();
    for (const kind of ['throttle', 'server-error', 'reset'] as const) {
      sandbox.inject({ kind }, { operation: 'DescribeUser', probability: 0.1 });
    }
    const describeUser = createSender(client, DescribeUserCommand, { pace: false, clock: leapingClock() });
    const described = paginate(client, ListUsersCommand, input).mapAsync(
      ({ Id }, { signal }) => describeUser({ ...input, UserId: Id }, { signal }),
      { concurrency: 8 },
    );
    for await (const { User } of described) ids.push(User?.Id ?? '');
    expect(new Set(ids).size).toBe(50);
    expect(sandbox.stats().operations.DescribeUser.requests).toBeGreaterThan(50);
  });

  it('a settled sender yields a deleted user as an error value and continues', async () => {
    const { sandbox, client, input } = await start();
    sandbox.inject(
      { kind: 'error', status: 404, name: 'ResourceNotFoundException' },
      {
        operation: 'DescribeUser',
        afterRequests: 10,
      },
    );
    const describeUser = createSender(client, DescribeUserCommand, { pace: false });
    const described = paginate(client, ListUsersCommand, input).mapAsync(
      settled(({ Id }, call) => describeUser({ ...input, UserId: Id }, call)),
    );
    const failed: unknown[] = [];
    for await (const { item, value, error } of described) {
      if (value) ids.push(item.Id ?? '');
      else failed.push(error);
    }
    expect(ids).toHaveLength(49);
    expect(failed).toMatchObject([
      { code: 'ERR_REQUEST_FAILED', cause: { name: 'ResourceNotFoundException' } },
    ]);
  });

  it('a settled sender fails the run if the error is not about one user', async () => {
    const { sandbox, client, input } = await start();
    sandbox.inject(
      { kind: 'error', status: 403, name: 'AccessDeniedException' },
      { operation: 'DescribeUser' },
    );
    const describeUser = createSender(client, DescribeUserCommand, { pace: false });
    const described = paginate(client, ListUsersCommand, input).mapAsync(
      settled(({ Id }, call) => describeUser({ ...input, UserId: Id }, call)),
    );
    await expect(described.toArray()).rejects.toMatchObject({
      code: 'ERR_CALLBACK_FAILED',
      message:
        'the callback of mapAsync failed: Connect.DescribeUser failed: AccessDeniedException (HTTP 403)',
    });
  });

  it("a failed callback that uses the client itself is reported with the service's error name", async () => {
    const { sandbox, client, input } = await start();
    sandbox.inject(
      { kind: 'error', status: 403, name: 'AccessDeniedException', message: 'user ada may not' },
      { operation: 'DescribeUser' },
    );
    const described = paginate(client, ListUsersCommand, input).mapAsync(({ Id }) =>
      client.send(new DescribeUserCommand({ ...input, UserId: Id })),
    );
    await expect(described.toArray()).rejects.toMatchObject({
      code: 'ERR_CALLBACK_FAILED',
      message: 'the callback of mapAsync failed: AccessDeniedException (HTTP 403)',
    });
  });

  it.each([
    ['client', [{}, DescribeUserCommand]],
    ['command', [new ConnectClient({ region: 'eu-central-1' }), {}]],
    ['concurrency', [new ConnectClient({ region: 'eu-central-1' }), DescribeUserCommand, { concurrency: 3 }]],
  ])('createSender refuses a wrong %s before anything is sent', (named, args) => {
    expect(() => Reflect.apply(createSender, undefined, args)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT', message: expect.stringContaining(named) }),
    );
  });

  it('a sender keeps its time limit if the option is undefined', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const client = {
      config: { serviceId: 'Connect' },
      middlewareStack: {},
      send: () => new Promise(() => {}),
    };
    const options = { pace: false, retry: { attemptTimeoutMs: undefined, maxAttempts: 1 } } as const;
    const describeUser = createSender(client as never, DescribeUserCommand, options);
    const refused = expect(describeUser({ InstanceId: 'i', UserId: 'u' })).rejects.toMatchObject({
      code: 'ERR_RETRY_EXHAUSTED',
    });
    await vi.advanceTimersByTimeAsync(60_000);
    await refused;
  });

  it('a sender rejects with the reason of its signal', async () => {
    const { sandbox, client, input } = await start();
    sandbox.inject({ kind: 'hang' });
    const controller = new AbortController();
    const describeUser = createSender(client, DescribeUserCommand, { pace: false });
    const work = describeUser({ ...input, UserId: 'x' }, { signal: controller.signal });
    await until(() => sandbox.stats().maxConcurrent === 1);
    controller.abort('enough');
    await expect(work).rejects.toBe('enough');
  });
});

async function until(holds: () => boolean): Promise<void> {
  await expect.poll(holds, { interval: 5 }).toBe(true);
}
