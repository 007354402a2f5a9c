import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it, vi } from 'vitest';
import { PageturnError } from '../../lib/core/errors.js';
import type { RetryEvent } from '../../lib/core/events.js';
import { RequestStats } from '../../lib/core/request-stats.js';
import { adaptivePacer } from '../../lib/pace/adaptive-pacer.js';
import { classify } from '../../lib/request/classify.js';
import { type Send, withAttempt } from '../../lib/request/with-attempt.js';
import { withPace } from '../../lib/request/with-pace.js';
import { withRetry } from '../../lib/request/with-retry.js';
import { virtualClock } from '../../lib/testing/virtual-clock.js';
import { leapingClock } from '../support/leaping-clock.js';

const throttle = (headers: object = {}) =>
  Object.assign(new Error('Rate exceeded for user jane.doe'), {
    name: 'ThrottlingException',
    $metadata: { httpStatusCode: 429 },
    $response: { headers },
  });
const fault = () => Object.assign(new Error('boom'), { name: 'InternalServiceException', status: 500 });
const refusal = () =>
  Object.assign(new Error('token AQ== is bad'), { name: 'InvalidRequestException', status: 400 });

/** A send that fails with these errors in turn, then answers with its input. */
function failing(...errors: unknown[]): Send<string, string> & { readonly sent: () => number } {
  let sent = 0;
  const send = async (input: string) => {
    const error = errors[sent++];
    if (error !== undefined) throw error;
    return input;
  };
  return Object.assign(send, { sent: () => sent });
}

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

async function errorOf(work: Promise<unknown>): Promise<PageturnError> {
  const error = await work.then(
    () => expect.fail('it succeeded'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(PageturnError);
  return error as PageturnError;
}

describe('a retried send', () => {
  it('a retried send returns the answer of the send if nothing fails', async () => {
    await expect(withRetry(failing())('page', {})).resolves.toBe('page');
  });

  it('a retried send survives any number of throttles within maxElapsedMs, even beyond maxAttempts', async () => {
    const send = failing(...times(40, throttle));
    const retried = withRetry(send, { maxAttempts: 1, clock: leapingClock(), random: () => 0.5 });
    await expect(retried('page', {})).resolves.toBe('page');
    expect(send.sent()).toBe(41);
  });

  it('the back-off after throttles starts at 1 s and doubles up to 20 s', async () => {
    const clock = leapingClock();
    await withRetry(failing(...times(7, throttle)), { clock, random: () => 1 })('page', {});
    expect(clock.waits).toEqual([1000, 2000, 4000, 8000, 16_000, 20_000, 20_000]);
  });

  it('the back-off after faults starts at 50 ms and doubles', async () => {
    const clock = leapingClock();
    await withRetry(failing(...times(4, fault)), { clock, random: () => 1 })('page', {});
    expect(clock.waits).toEqual([50, 100, 200, 400]);
  });

  it('a retried send waits a random part of the back-off, down to nothing', async () => {
    const clock = leapingClock();
    const draws = [0.25, 0, 0.5];
    await withRetry(failing(...times(3, throttle)), { clock, random: () => draws.shift() ?? 0 })('page', {});
    expect(clock.waits).toEqual([250, 2000]);
  });

  it('a retried send gives up after maxAttempts faults, with the last one as the cause', async () => {
    const last = fault();
    const send = failing(fault(), fault(), last);
    const error = await errorOf(withRetry(send, { maxAttempts: 3, clock: leapingClock() })('page', {}));
    expect(error).toMatchObject({ code: 'ERR_RETRY_EXHAUSTED', attempts: 3 });
    expect(error.cause).toBe(last);
    expect(error.message).toContain('InternalServiceException (HTTP 500)');
  });

  it('throttles do not count towards maxAttempts', async () => {
    const send = failing(throttle(), fault(), throttle(), throttle(), fault(), throttle());
    const retried = withRetry(send, { maxAttempts: 3, clock: leapingClock() });
    await expect(retried('page', {})).resolves.toBe('page');
  });

  it('a retried send gives up on throttles maxElapsedMs after the first failure', async () => {
    const clock = leapingClock();
    const retried = withRetry(failing(...times(99, throttle)), {
      maxElapsedMs: 10_000,
      clock,
      random: () => 1,
    });
    const error = await errorOf(retried('page', {}));
    expect(error.code).toBe('ERR_RETRY_EXHAUSTED');
    expect(clock.now()).toBe(10_000);
  });

  it('a final error fails at once, with a message that does not repeat what the service said', async () => {
    const cause = refusal();
    const send = failing(cause);
    const error = await errorOf(
      withRetry(send, { clock: leapingClock() })('page', { operation: 'Connect.ListUsers' }),
    );
    expect(error).toMatchObject({ code: 'ERR_REQUEST_FAILED', attempts: 1 });
    expect(error.cause).toBe(cause);
    expect(error.message).toBe('Connect.ListUsers failed: InvalidRequestException (HTTP 400)');
    expect(send.sent()).toBe(1);
  });

  it.each([
    ['a mistake in the code', new TypeError('x is not a function')],
    ['a thrown string', 'no'],
  ])('a retried send fails at once on %s', async (_what, thrown) => {
    const error = await errorOf(withRetry(failing(thrown))('page', {}));
    expect(error.code).toBe('ERR_REQUEST_FAILED');
    expect(error.cause).toBe(thrown);
  });

  it('a TypeError that is a lost connection is retried', async () => {
    const lost = new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) });
    await expect(withRetry(failing(lost), { clock: leapingClock() })('page', {})).resolves.toBe('page');
  });

  it("pageturn's own errors pass through a retried send unchanged", async () => {
    const own = new PageturnError('ERR_PAGE_INVALID', 'no page');
    await expect(withRetry(failing(own))('page', {})).rejects.toBe(own);
  });

  it('a retried send waits as long as the service asks, beyond the cap of its own back-off', async () => {
    const clock = leapingClock();
    await withRetry(failing(throttle({ 'retry-after': '120' })), { clock })('page', {});
    expect(clock.waits).toEqual([120_000]);
  });

  it('a retried send fails at once if the service asks for more time than is left', async () => {
    const clock = leapingClock();
    const send = failing(throttle({ 'retry-after': '120' }));
    const error = await errorOf(withRetry(send, { maxElapsedMs: 60_000, clock })('page', {}));
    expect(error.code).toBe('ERR_RETRY_EXHAUSTED');
    expect(clock.waits).toEqual([]);
    expect(send.sent()).toBe(1);
  });

  it('a retried send with a pacer leaves the first three throttles in a row to it', async () => {
    const clock = leapingClock();
    const send = failing(...times(5, throttle));
    await withRetry(send, { paced: true, clock, random: () => 1 })('page', {});
    expect(clock.waits).toEqual([1000, 2000]);
  });

  it('a retried send with a pacer honours Retry-After too', async () => {
    const clock = leapingClock();
    await withRetry(failing(throttle({ 'retry-after': '9' })), { paced: true, clock })('page', {});
    expect(clock.waits).toEqual([9000]);
  });

  it('a retried send uses the classification of the caller', async () => {
    const send = failing(refusal(), refusal());
    const retried = withRetry(send, { classify: () => ({ kind: 'transient' }), clock: leapingClock() });
    await expect(retried('page', {})).resolves.toBe('page');
  });

  it('every retry is published, with how long it waits', async () => {
    const seen: RetryEvent[] = [];
    const listen = (event: unknown) => void seen.push(event as RetryEvent);
    subscribe('pageturn:retry', listen);
    const cause = throttle();
    await withRetry(failing(cause, fault()), { clock: leapingClock(), random: () => 1 })('page', {
      operation: 'X.Y',
    });
    unsubscribe('pageturn:retry', listen);
    expect(seen).toMatchObject([
      { operation: 'X.Y', attempt: 1, delayMs: 1000 },
      { operation: 'X.Y', attempt: 2, delayMs: 50 },
    ]);
    expect(seen[0]?.error).toBe(cause);
  });

  it('the back-off after throttles counts as waiting for the quota, that after faults does not', async () => {
    const stats = new RequestStats();
    const send = failing(throttle(), fault(), throttle());
    await withRetry(send, { clock: leapingClock(), random: () => 1 })('page', { stats });
    expect(stats.quotaWaitMs).toBe(1000 + 1000);
  });
});

describe('an abort of a retried send', () => {
  it('a retried send with an aborted signal sends nothing', async () => {
    const send = failing();
    const reason = new Error('enough');
    await expect(withRetry(send)('page', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(send.sent()).toBe(0);
  });

  it('an abort during back-off rejects with the reason of the signal', async () => {
    const controller = new AbortController();
    const send = failing(throttle());
    const work = withRetry(send, { clock: virtualClock({ stopped: true }) })('page', {
      signal: controller.signal,
    });
    await expect.poll(() => send.sent()).toBe(1);
    controller.abort('enough');
    await expect(work).rejects.toBe('enough');
  });

  it('an abort takes effect at once even if the send ignores its signal', async () => {
    const controller = new AbortController();
    const work = withRetry(() => new Promise(() => {}))('page', { signal: controller.signal });
    controller.abort('enough');
    await expect(work).rejects.toBe('enough');
  });

  it('an abort rejects with the reason of the signal even if the send throws its own AbortError', async () => {
    const controller = new AbortController();
    const send: Send<string, string> = (_input, { signal }) =>
      new Promise((_resolve, reject) => {
        const own = Object.assign(new Error('Request aborted'), { name: 'AbortError' });
        signal?.addEventListener('abort', () => reject(own));
      });
    const work = withRetry(withAttempt(send))('page', { signal: controller.signal });
    controller.abort('enough');
    await expect(work).rejects.toBe('enough');
  });

  it('a shared signal has one listener while calls run, however many, and none afterwards', async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    const send = withAttempt(failing(throttle(), fault()), {
      attemptTimeoutMs: 5,
      clock: virtualClock({ stopped: true }),
    });
    const retried = withRetry(send, { clock: leapingClock() });
    await Promise.all(times(20, () => retried('page', { signal })));
    expect(added).toHaveBeenCalledTimes(1);
    expect(removed).toHaveBeenCalledTimes(1);
  });

  it('an abort ends every call that shares the signal', async () => {
    const controller = new AbortController();
    const retried = withRetry(() => new Promise(() => {}));
    const calls = times(20, () => retried('page', { signal: controller.signal }));
    controller.abort('enough');
    const results = await Promise.allSettled(calls);
    expect(results).toEqual(times(20, () => ({ status: 'rejected', reason: 'enough' })));
  });
});

describe('withRetry refuses', () => {
  it.each([
    ['maxAttempts', 0],
    ['maxAttempts', 1.5],
    ['maxAttempts', '3'],
    ['maxElapsedMs', 0],
    ['maxElapsedMs', -1],
    ['maxElapsedMs', Number.NaN],
    ['maxElapsedMs', '1000'],
    ['classify', 'throttle'],
  ])('withRetry refuses %s: %s', (name, value) => {
    expect(() => withRetry(failing(), { [name]: value })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT', message: expect.stringContaining(name) }),
    );
  });
});

describe('a misspelt option', () => {
  it.each<[where: string, call: () => unknown]>([
    ['withRetry', () => withRetry(failing(), { maxAttemps: 3 } as never)],
    ['withAttempt', () => withAttempt(failing(), { maxAttemps: 3 } as never)],
    ['withPace', () => withPace(failing(), adaptivePacer(), { classify, maxAttemps: 3 } as never)],
    ['classify', () => classify(fault(), { maxAttemps: 3 } as never)],
  ])('a misspelt option is refused by name in %s', (where, call) => {
    expect(call).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_ARGUMENT',
        message: expect.stringContaining(`unknown option "maxAttemps" in options of ${where}`),
      }),
    );
  });
});
