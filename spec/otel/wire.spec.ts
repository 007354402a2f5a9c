import { DescribeUserCommand } from '@aws-sdk/client-connect';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { createSender } from '../../lib/aws/create-sender.js';
import { listUsers } from '../../lib/connect/list-users.js';
import type { FetchPage } from '../../lib/core/page.js';
import { fromPages } from '../../lib/from-pages.js';
import { withAttempt } from '../../lib/request/with-attempt.js';
import { withRetry } from '../../lib/request/with-retry.js';
import { start } from '../sandbox/client.js';
import { leapingClock } from '../support/leaping-clock.js';
import { idOf, parentOf, telemetry } from './telemetry.js';

const LIST = { 'pageturn.operation': 'Connect.ListUsers', 'pageturn.service': 'Connect' };

describe('telemetry of requests over HTTP', () => {
  it('a throttled request is a page with two attempts and the waits between them, and counts as a throttle', async () => {
    const reported = telemetry();
    const clock = leapingClock();
    const { sandbox, client, InstanceId } = await start({ users: 30 });
    sandbox.inject({ kind: 'throttle', retryAfter: 3 }, { afterRequests: 1 });
    const walk = listUsers(client, { InstanceId }, { pageSize: 10, clock }).open();
    for await (const _ of walk);
    const pages = reported.named('page');
    expect(pages).toHaveLength(3);
    const second = reported.spans().filter((span) => parentOf(span) === idOf(pages[1] as never));
    const [throttled, ...rest] = second;
    expect(throttled).toMatchObject({
      name: 'attempt Connect.ListUsers',
      attributes: {
        ...LIST,
        'pageturn.attempt.number': 1,
        'pageturn.attempt.outcome': 'throttle',
        'error.type': 'ThrottlingException',
        'http.response.status_code': 429,
      },
      status: { code: SpanStatusCode.ERROR },
    });
    const answered = rest.pop();
    expect(answered).toMatchObject({
      name: 'attempt Connect.ListUsers',
      attributes: { ...LIST, 'pageturn.attempt.number': 2, 'pageturn.attempt.outcome': 'ok' },
      status: { code: SpanStatusCode.UNSET },
    });
    expect(rest.length).toBeGreaterThan(0);
    for (const wait of rest) {
      expect(wait.name).toBe('wait Connect.ListUsers');
      expect(wait.attributes).toEqual({ ...LIST, 'pageturn.wait.reason': 'quota' });
    }
    expect(await reported.points('pageturn.throttles')).toMatchObject([{ attributes: LIST, value: 1 }]);
    expect(await reported.points('pageturn.pages')).toMatchObject([{ attributes: LIST, value: 3 }]);
    expect(await reported.points('pageturn.items')).toMatchObject([{ attributes: LIST, value: 30 }]);
    expect(await reported.points('pageturn.wait.duration')).toMatchObject([
      {
        attributes: { ...LIST, 'pageturn.wait.reason': 'quota' },
        value: { sum: walk.stats.quotaWaitMs / 1000 },
      },
    ]);
    expect(walk.stats.quotaWaitMs).toBeGreaterThanOrEqual(3000);
    const attempts = await reported.points('pageturn.attempt.duration');
    expect(
      attempts.map(({ attributes, value }) => [
        attributes['pageturn.attempt.outcome'],
        attributes['error.type'],
        (value as { count: number }).count,
      ]),
    ).toEqual([
      ['ok', undefined, 3],
      ['throttle', 'ThrottlingException', 1],
    ]);
  });

  it('the wait before a fault is retried has its own span and duration', async () => {
    const reported = telemetry();
    const clock = leapingClock();
    const faults = [Object.assign(new Error('gone'), { code: 'ECONNRESET' })];
    const fetchPage: FetchPage<number> = async () => {
      for (const fault of faults.splice(0)) throw fault;
      return { items: [1], next: undefined };
    };
    const retried = withRetry(withAttempt(fetchPage), { clock, random: () => 0.5 });
    await fromPages(retried, { query: { operation: 'ListRows' }, retry: false }).toArray();
    expect(reported.named('wait').map(({ attributes }) => attributes)).toEqual([
      { 'pageturn.operation': 'ListRows', 'pageturn.wait.reason': 'retry' },
    ]);
    expect(await reported.points('pageturn.wait.duration')).toMatchObject([
      { value: { sum: 0.025, count: 1 } },
    ]);
  });

  it("the SDK's middleware runs in the span of its attempt, so an instrumentation of the SDK nests under it", async () => {
    const reported = telemetry();
    const { client, InstanceId } = await start({ users: 3 });
    client.middlewareStack.add(
      (next) => async (args) => {
        const span = reported.tracerProvider.getTracer('sdk').startSpan('Connect.ListUsers');
        try {
          return await next(args);
        } finally {
          span.end();
        }
      },
      { step: 'initialize' },
    );
    await listUsers(client, { InstanceId }).toArray();
    expect(reported.tree()).toContain('Connect.ListUsers in attempt Connect.ListUsers');
  });

  it('an instrumentation that patches the middleware stack inside of send sees the requests of a listing', async () => {
    const { client, InstanceId } = await start({ users: 3 });
    const seen: string[] = [];
    const { send } = client;
    // As the instrumentation of OpenTelemetry does: it wraps methods of the stack that the client has.
    client.send = function (this: typeof client, ...args: Parameters<typeof send>) {
      const stack = this.middlewareStack;
      const concat = stack.concat.bind(stack);
      stack.concat = (from) => {
        seen.push('joined');
        return concat(from);
      };
      return send.apply(this, args);
    } as typeof send;
    await listUsers(client, { InstanceId }).toArray();
    expect(seen).toEqual(['joined']);
  });

  it('the requests of a mapper belong to the traversal', async () => {
    const reported = telemetry();
    const { client, InstanceId } = await start({ users: 3 });
    const describeUser = createSender(client, DescribeUserCommand);
    await listUsers(client, { InstanceId })
      .mapAsync(({ Id: UserId }, { signal }) => describeUser({ InstanceId, UserId }, { signal }))
      .toArray();
    expect(reported.tree().filter((line) => line.startsWith('attempt Connect.DescribeUser'))).toEqual(
      Array(3).fill('attempt Connect.DescribeUser in traversal Connect.ListUsers'),
    );
  });

  it('no span is active outside of its work', async () => {
    telemetry();
    const { client, InstanceId } = await start({ users: 3 });
    for await (const _ of listUsers(client, { InstanceId })) expect(trace.getActiveSpan()).toBeUndefined();
  });

  it('an attempt that its signal aborts is cancelled, not an error', async () => {
    const reported = telemetry();
    const { sandbox, client, InstanceId } = await start({ users: 3 });
    sandbox.inject({ kind: 'hang' });
    const describeUser = createSender(client, DescribeUserCommand);
    const controller = new AbortController();
    const pending = describeUser({ InstanceId, UserId: 'x' }, { signal: controller.signal });
    while (sandbox.stats().requests === 0) await new Promise(setImmediate);
    controller.abort(new Error('enough'));
    await expect(pending).rejects.toThrow('enough');
    // The SDK rejects after the sender has.
    while (reported.named('attempt').length === 0) await new Promise(setImmediate);
    expect(reported.named('attempt')).toMatchObject([
      { attributes: { 'pageturn.cancelled': true }, status: { code: SpanStatusCode.UNSET } },
    ]);
  });
});
