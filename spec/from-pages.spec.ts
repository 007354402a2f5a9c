import { describe, expect, expectTypeOf, it, onTestFinished } from 'vitest';
import type { PageCall } from '../lib/core/page.js';
import { fromPages } from '../lib/from-pages.js';
import type { Listing } from '../lib/listing/listing.js';
import { adaptivePacer } from '../lib/pace/adaptive-pacer.js';
import { fail, ids, modelService, type Person } from './listing/model-service.js';
import { reply, startScriptedServer } from './request/scripted-server.js';
import { leapingClock } from './support/leaping-clock.js';

const emptyPage = async () => ({ items: [], next: undefined });

describe('fromPages', () => {
  it('fromPages lists the items of every page it fetches', async () => {
    const service = modelService(7);
    const people = fromPages(service.fetchPage);
    expectTypeOf(people).toEqualTypeOf<Listing<Person>>();
    expect(await people.toArray()).toEqual(service.people);
  });

  it('fromPages refuses a query that is not plain data, with its path, and misspelt members of a query', () => {
    const list = (query: object) => () => fromPages(emptyPage, { query: query as { operation: string } });
    expect(list({ operation: 'rows', input: { filters: { team: new URLSearchParams('team=a') } } })).toThrow(
      'query.input.filters.team must be plain data, so that a cursor can recognise its query, received a URLSearchParams',
    );
    expect(list({ operation: 'rows', input: new URLSearchParams('team=a') })).toThrow(
      'query.input must be a plain object',
    );
    expect(list({ operation: 'rows', inputs: {} })).toThrow(
      'unknown option "inputs" in query; known are operation, input',
    );
    expect(list({ opration: 'rows' })).toThrow('unknown option "opration" in query');
  });

  it('fromPages retries a page after a throttle or a network error, and counts it', async () => {
    const service = modelService(7);
    service.faults.set(1, () => Promise.reject(Object.assign(new Error('slow down'), { status: 429 })));
    service.faults.set(2, () => Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNRESET' })));
    const walk = fromPages(service.fetchPage, { clock: leapingClock() }).open();
    const seen: Person[] = [];
    for await (const item of walk) seen.push(item);
    expect(seen).toEqual(service.people);
    expect(walk.stats).toMatchObject({ pages: 3, attempts: 5, throttles: 1 });
  });

  it('fromPages waits as long as the response in the error asks', async () => {
    const server = await startScriptedServer();
    onTestFinished(() => server.close());
    const page = reply(200, {}, JSON.stringify({ rows: [{ id: 'a' }] }));
    server.answerWith((response, request) => {
      reply(429, { 'retry-after': '7' }, '{}')(response, request);
      server.answerWith(page);
    });
    const clock = leapingClock();
    // As in the README.
    const rows = fromPages(
      async (token, { signal }) => {
        const response = await fetch(`${server.endpoint}/rows?after=${token ?? ''}`, {
          signal: signal ?? null,
        });
        if (!response.ok) throw Object.assign(new Error('cannot fetch rows'), { response });
        const { rows, next } = (await response.json()) as { rows: { id: string }[]; next?: string };
        return { items: rows, next };
      },
      { clock },
    );
    expect(await rows.toArray()).toEqual([{ id: 'a' }]);
    expect(clock.waits).toEqual([7000]);
  });

  it('fromPages fails at once when the fetch cancels itself', async () => {
    let requests = 0;
    const rows = fromPages(async () => {
      requests++;
      const controller = new AbortController();
      const response = fetch('http://127.0.0.1:9', { signal: controller.signal });
      controller.abort();
      await response;
      return { items: [], next: undefined };
    });
    await expect(rows.toArray()).rejects.toMatchObject({
      code: 'ERR_REQUEST_FAILED',
      cause: { name: 'AbortError' },
    });
    expect(requests).toBe(1);
  });

  it('fromPages does not retry a permanent error, which becomes the cause', async () => {
    const service = modelService(7);
    service.faults.set(1, fail('no such list'));
    await expect(fromPages(service.fetchPage).toArray()).rejects.toMatchObject({
      code: 'ERR_REQUEST_FAILED',
      attempts: 1,
      cause: expect.objectContaining({ message: 'no such list' }),
    });
    expect(service.requests).toHaveLength(2);
  });

  it('fromPages sends each request once with retry: false', async () => {
    const service = modelService(7);
    service.faults.set(0, () => Promise.reject(Object.assign(new Error('slow down'), { status: 429 })));
    await expect(fromPages(service.fetchPage, { retry: false }).toArray()).rejects.toMatchObject({
      code: 'ERR_REQUEST_FAILED',
    });
    expect(service.requests).toHaveLength(1);
  });

  it('fromPages sends its requests at the pace of the given pacer', async () => {
    const clock = leapingClock();
    const walk = fromPages(modelService(30).fetchPage, {
      pace: adaptivePacer({ ratePerSecond: 2, burst: 5, learn: false, clock }),
      clock,
    }).open();
    for await (const _ of walk);
    expect(walk.stats.pages).toBe(10);
    expect(clock.now()).toBeGreaterThanOrEqual(2500);
  });

  it('fromPages asks for the given page size, and keeps that of the cursor when it resumes', async () => {
    const calls: (number | undefined)[] = [];
    const service = modelService(9);
    const fetchPage = (token: string | undefined, call: PageCall) => {
      calls.push(call.pageSize);
      return service.fetchPage(token, call);
    };
    const walk = fromPages(fetchPage, { pageSize: 4 }).open();
    for (let i = 0; i < 6; i++) await walk.next();
    const rest: Person[] = [];
    for await (const item of fromPages(fetchPage, { pageSize: 2 }).open({ from: walk.cursor }))
      rest.push(item);
    expect(ids(rest)).toEqual(['p5', 'p6', 'p7', 'p8']);
    expect(calls).toEqual([4, 4, 4, 4]);
  });

  it('isTokenRejected of fromPages receives the error that was thrown', async () => {
    const service = modelService(7);
    service.faults.set(1, fail('token expired'));
    const options = {
      isTokenRejected: (error: unknown) => error instanceof Error && error.message === 'token expired',
    };
    await expect(fromPages(service.fetchPage, options).toArray()).rejects.toMatchObject({
      code: 'ERR_TOKEN_REJECTED',
      cause: expect.objectContaining({ message: 'token expired' }),
    });
  });

  it('an error of the first page is no rejected token, because that page has none', async () => {
    const service = modelService(7);
    service.faults.set(0, fail('it broke'));
    const listing = fromPages(service.fetchPage, { isTokenRejected: () => true });
    await expect(listing.toArray()).rejects.toMatchObject({ code: 'ERR_REQUEST_FAILED' });
  });

  it('a fromPages listing refuses a cursor of another query', async () => {
    const list = (team: string) =>
      fromPages(modelService(7).fetchPage, { query: { operation: 'people', input: { team } } });
    const walk = list('red').open();
    await walk.next();
    expect(() => list('blue').open({ from: walk.cursor })).toThrow(/team differs/);
  });

  it.each([
    ['fetchPage', () => fromPages('x' as never), /fetchPage must be a function, received "x"/],
    ['an unknown option', () => fromPages(emptyPage, { pagesize: 3 } as never), /pagesize/],
    ['pageSize', () => fromPages(emptyPage, { pageSize: 0 }), /pageSize must be/],
    ['retry', () => fromPages(emptyPage, { retry: { maxAttempts: 0 } }), /maxAttempts must be/],
    [
      'a pace that is not a pacer',
      () => fromPages(emptyPage, { pace: { ratePerSecond: 5 } as never }),
      /pace must be a pacer, such as adaptivePacer\(\{ ratePerSecond: 5 \}\), received an object/,
    ],
  ])('fromPages refuses a bad argument at once: %s', (_what, call, message) => {
    expect(call).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT', message: expect.stringMatching(message) }),
    );
  });
});
