import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PageturnError } from '../../lib/core/errors.js';
import { RequestStats } from '../../lib/core/request-stats.js';
import { fromPages } from '../../lib/from-pages.js';
import { adaptivePacer } from '../../lib/pace/adaptive-pacer.js';
import { composeSend } from '../../lib/request/compose-send.js';
import { withAttempt } from '../../lib/request/with-attempt.js';
import { withPace } from '../../lib/request/with-pace.js';
import { withRetry } from '../../lib/request/with-retry.js';
import { virtualClock } from '../../lib/testing/virtual-clock.js';
import { leapingClock } from '../support/leaping-clock.js';
import { manualClock } from '../support/manual-clock.js';

const fault = (retryAfter?: number) => ({
  status: 503,
  headers: retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
});
const throttle = (retryAfter?: number) => ({ ...fault(retryAfter), status: 429 });
const refused = () => Object.assign(new Error('no connection'), { code: 'ECONNREFUSED' });

/** A send that throws what `script` returns for the number of the request, and answers when it returns nothing. */
function scripted(script: (request: number) => unknown) {
  let requests = 0;
  return async () => {
    const error = script(++requests);
    if (error !== undefined) throw error;
    return 'page';
  };
}

function failureOf(work: Promise<unknown>): Promise<PageturnError> {
  return work.then(
    () => expect.fail('the request succeeded'),
    (error: PageturnError) => error,
  );
}

describe('faults', () => {
  it('faults are retried for 30 s by default, more often than five times', async () => {
    const clock = leapingClock();
    const error = await failureOf(
      withRetry(
        scripted(() => fault()),
        { clock },
      )('token', {}),
    );
    expect(error).toMatchObject({ code: 'ERR_RETRY_EXHAUSTED', cause: { status: 503 } });
    expect(error.message).toContain('nothing but faults for 30 s');
    expect(error.attempts).toBeGreaterThan(8);
    expect(clock.now()).toBe(30_000);
  });

  it('faults are retried for 30 s at most, even if more attempts are allowed', async () => {
    const clock = leapingClock();
    await failureOf(
      withRetry(
        scripted(() => fault()),
        { clock, maxAttempts: 1000 },
      )('token', {}),
    );
    expect(clock.now()).toBe(30_000);
  });

  it('faults are retried for maxElapsedMs if it is given', async () => {
    const clock = leapingClock();
    await failureOf(
      withRetry(
        scripted(() => fault()),
        { clock, maxElapsedMs: 300_000 },
      )('token', {}),
    );
    expect(clock.now()).toBe(300_000);
  });

  it('faults are retried for another 30 s after a throttle, which is an answer', async () => {
    const clock = leapingClock();
    const send = scripted((request) => (request === 5 ? throttle(60) : fault()));
    await failureOf(withRetry(send, { clock, random: () => 0.5 })('token', {}));
    expect(clock.now()).toBeGreaterThan(90_000);
    expect(clock.now()).toBeLessThan(125_000);
  });

  it('faults are retried for 15 minutes while the service says when to come back', async () => {
    const clock = leapingClock();
    await failureOf(
      withRetry(
        scripted(() => fault(50)),
        { clock },
      )('token', {}),
    );
    expect(clock.now()).toBe(900_000);
  });

  it('a service that restarts within two seconds does not end a listing', async () => {
    const service = await restartingService();
    const numbers = fromPages(service.fetchPage, { clock: service.clock });
    expect(await numbers.toArray()).toEqual([0, 1, 2, 3, 4]);
    expect(service.clock.now()).toBeGreaterThan(2000);
  });
});

describe('a host that has not answered yet', () => {
  it.each(['ENOTFOUND', 'ECONNREFUSED', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])(
    'a host that has not answered yet is given up within 10 s: %s',
    async (code) => {
      const clock = leapingClock();
      const send = scripted(
        () => new TypeError('fetch failed', { cause: Object.assign(new Error(), { code }) }),
      );
      const error = await failureOf(withRetry(send, { clock })('token', {}));
      expect(error).toMatchObject({ code: 'ERR_RETRY_EXHAUSTED' });
      expect(error.message).toContain('has not answered within 10 s');
      expect(clock.now()).toBe(10_000);
    },
  );

  it('a real connection to a host that does not answer is given up within 10 s', async () => {
    const service = await restartingService();
    await service.stop();
    const clock = leapingClock();
    await failureOf(fromPages(service.fetchPage, { clock }).toArray());
    expect(clock.now()).toBe(10_000);
  });

  it('a host is given 30 s once it has answered a request', async () => {
    const clock = leapingClock();
    const send = withRetry(
      scripted((request) => (request === 1 ? undefined : refused())),
      { clock },
    );
    await send('token', {});
    await failureOf(send('token', {}));
    expect(clock.now()).toBe(30_000);
  });

  it('a host is given 30 s once it has answered with an error', async () => {
    const clock = leapingClock();
    const send = scripted((request) => (request === 1 ? fault() : refused()));
    await failureOf(withRetry(send, { clock })('token', {}));
    expect(clock.now()).toBe(30_000);
  });

  it('a silent host is given 10 s in every traversal, even if it answered an earlier one', async () => {
    const clock = leapingClock();
    let isUp = true;
    const listing = fromPages(
      async () => {
        if (!isUp) throw refused();
        return { items: [1], next: undefined };
      },
      { clock },
    );
    await listing.toArray();
    isUp = false;
    await failureOf(listing.toArray());
    expect(clock.now()).toBe(10_000);
  });

  it('a host that has not answered yet is given up after one attempt of attemptTimeoutMs', async () => {
    const clock = virtualClock();
    let requests = 0;
    const send = composeSend(
      () => {
        requests++;
        return new Promise<never>(() => {});
      },
      { retry: { attemptTimeoutMs: 60_000 }, pacer: undefined, clock },
    );
    const error = await failureOf(send('token', { stats: new RequestStats() }));
    expect(error).toMatchObject({ code: 'ERR_RETRY_EXHAUSTED', attempts: 1 });
    expect([requests, clock.now()]).toEqual([1, 60_000]);
  });

  it('a host that has answered before gets another attempt after attemptTimeoutMs', async () => {
    const clock = virtualClock();
    let requests = 0;
    const silentOnce = () => (++requests === 2 ? new Promise<string>(() => {}) : Promise.resolve('page'));
    const send = composeSend(silentOnce, { retry: { attemptTimeoutMs: 60_000 }, pacer: undefined, clock });
    const stats = new RequestStats();
    await send('token', { stats });
    await expect(send('token', { stats })).resolves.toBe('page');
  });
});

describe('a Retry-After', () => {
  const HOUR = 3600;

  it('a Retry-After of an hour fails its request at once, and later ones while the hour lasts', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ clock });
    const send = composeSend(
      scripted((request) => (request === 1 ? throttle(HOUR) : undefined)),
      {
        retry: {},
        pacer,
        clock,
      },
    );
    for (const attempts of [1, 0, 0]) {
      const error = await failureOf(clock.run(send('token', { operation: 'List' })));
      expect(error).toMatchObject({ code: 'ERR_RETRY_EXHAUSTED', attempts, cause: { status: 429 } });
      expect(error.message).toContain('asks to wait 3600 s, beyond the end of maxElapsedMs');
    }
    expect(clock.now()).toBe(0);
    await clock.advance(50 * 60_000);
    await expect(clock.run(send('token', {}))).resolves.toBe('page');
    expect(clock.now()).toBeGreaterThanOrEqual(HOUR * 1000);
  });

  it('a Retry-After of an hour ends the waits of requests that are queued for a permit', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ burst: 1, ratePerSecond: 1, learn: false, clock });
    const script = scripted((request) => (request === 1 ? throttle(HOUR) : undefined));
    const send = composeSend(
      async () => {
        await clock.sleep(100);
        return script();
      },
      { retry: {}, pacer, clock },
    );
    const results = await clock.run(Promise.allSettled([1, 2, 3].map(() => send('token', {}))));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(clock.now()).toBe(100);
  });

  it('a Retry-After within maxElapsedMs is honoured in full by every request', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ clock });
    const send = composeSend(
      scripted((request) => (request === 1 ? throttle(600) : undefined)),
      {
        retry: {},
        pacer,
        clock,
      },
    );
    await clock.run(Promise.all([send('token', {}), send('token', {})]));
    expect(clock.now()).toBeGreaterThanOrEqual(600_000);
  });

  it('a repeated Retry-After ends all requests maxElapsedMs after the first throttle, whichever got it', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ burst: 1, ratePerSecond: 1, learn: false, clock });
    const send = composeSend(
      scripted(() => throttle(60)),
      { retry: { maxElapsedMs: 150_000 }, pacer, clock },
    );
    const errors = await clock.run(Promise.all([1, 2, 3, 4].map(() => failureOf(send('token', {})))));
    expect(errors.map(({ code }) => code)).toEqual(Array(4).fill('ERR_RETRY_EXHAUSTED'));
    expect(clock.now()).toBeLessThanOrEqual(150_000);
  });

  it('a Retry-After no longer counts once the service has accepted a request', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ burst: 1, ratePerSecond: 1, learn: false, clock });
    const send = composeSend(
      scripted((request) => (request === 1 ? throttle(60) : undefined)),
      {
        retry: { maxElapsedMs: 100_000 },
        pacer,
        clock,
      },
    );
    // The last ones wait longer than maxElapsedMs, but for the quota and not for a throttle.
    const work = Array.from({ length: 200 }, () => send('token', {}));
    await expect(clock.run(Promise.all(work))).resolves.toHaveLength(200);
  });

  it.each([
    [978_307_200, 900_000],
    [999_999_999, Number.POSITIVE_INFINITY],
  ])(
    'a Retry-After of decades (%d s) is an error that names it, and does not stop later requests',
    async (seconds, maxElapsedMs) => {
      const clock = manualClock();
      const pacer = adaptivePacer({ clock });
      const send = composeSend(
        scripted((request) => (request === 1 ? throttle(seconds) : undefined)),
        {
          retry: { maxElapsedMs },
          pacer,
          clock,
        },
      );
      const error = await failureOf(clock.run(send('token', {})));
      expect(error).toMatchObject({ code: 'ERR_RETRY_EXHAUSTED', attempts: 1 });
      expect(error.message).toContain(`asks to wait ${seconds} s`);
      await expect(clock.run(send('token', {}))).resolves.toBe('page');
      expect(clock.now()).toBeLessThan(10_000);
    },
  );

  it('a Retry-After of an hour ends a wait in withPace alone', async () => {
    const clock = manualClock();
    const pacer = adaptivePacer({ clock });
    const attempt = withAttempt(
      scripted((request) => (request === 1 ? throttle(HOUR) : undefined)),
      { clock },
    );
    const classify = () => ({ kind: 'throttle', retryAfterMs: HOUR * 1000 }) as const;
    const paced = withPace(attempt, pacer, { classify, clock });
    await expect(paced('token', {})).rejects.toMatchObject({ status: 429 });
    await expect(paced('token', {})).rejects.toMatchObject({ code: 'ERR_RETRY_EXHAUSTED' });
  });
});

describe('a fetch that ignores its signal', () => {
  it.each(['an abort', 'return()'] as const)(
    'a fetch that ignores its signal does not keep the only permit after %s',
    async (ending) => {
      let isDeaf = true;
      const listing = fromPages(
        async () => (isDeaf ? new Promise<never>(() => {}) : { items: ['a'], next: undefined }),
        { pace: adaptivePacer({ maxConcurrency: 1 }) },
      );
      const controller = new AbortController();
      const walk = listing.open({ signal: controller.signal });
      const waiting = walk.next();
      await new Promise(setImmediate);
      if (ending === 'an abort') {
        controller.abort('enough');
        await expect(waiting).rejects.toBe('enough');
      } else {
        await walk.return();
        await waiting;
      }
      isDeaf = false;
      expect(await listing.toArray()).toEqual(['a']);
    },
  );
});

/** A service with five pages that stops after the second one, and is back two seconds later by its clock. */
async function restartingService() {
  let requests = 0;
  const server = createServer((request, response) => {
    const page = Number(new URL(request.url ?? '', 'http://x').searchParams.get('after') ?? 0);
    response.setHeader('connection', 'close');
    response.end(JSON.stringify({ items: [page], next: page < 4 ? String(page + 1) : undefined }));
    if (++requests === 2) stop();
  });
  const stop = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  const start = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await start(0);
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => void server.close());

  const time = leapingClock();
  const clock = {
    now: time.now,
    async sleep(ms: number, signal?: AbortSignal) {
      await time.sleep(ms, signal);
      if (!server.listening && time.now() > 2000) await start(port);
    },
  };
  const fetchPage = async (token: string | undefined) => {
    const response = await fetch(`http://127.0.0.1:${port}/?after=${token ?? 0}`);
    const { items, next } = (await response.json()) as { items: number[]; next?: string };
    return { items, next };
  };
  return { clock, fetchPage, stop };
}
