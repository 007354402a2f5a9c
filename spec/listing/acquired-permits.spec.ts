import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Outcome, Pacer } from '../../lib/core/pacer.js';
import type { FetchPage } from '../../lib/core/page.js';
import { fromPages } from '../../lib/from-pages.js';
import { leapingClock } from '../support/leaping-clock.js';

/** A pacer whose permits are granted one by one, and a listing that it paces. */
function paced(fetchPage: FetchPage<string>) {
  const grants: (() => void)[] = [];
  const settled: Outcome['kind'][] = [];
  const permit = { settle: async ({ kind }: Outcome) => void settled.push(kind) };
  const pacer: Pacer = {
    ratePerSecond: 1,
    acquire: () => new Promise((resolve) => grants.push(() => resolve(permit))),
  };
  let fetches = 0;
  const rows = fromPages<string>(
    (token, call) => {
      fetches++;
      return fetchPage(token, call);
    },
    { pace: pacer },
  );
  const grant = async () => {
    while (grants.length === 0) await setImmediate();
    grants.shift()?.();
  };
  return { rows, grant, settled, grants, fetches: () => fetches };
}

it('a repeated token is an error for which no permit is acquired', async () => {
  const { rows, grant, settled, grants } = paced(async () => ({ items: ['a'], next: 'same' }));
  const walk = rows.open();
  for (let n = 0; n < 2; n++) {
    const next = walk.next();
    await grant();
    await next;
  }
  await expect(walk.next()).rejects.toMatchObject({ code: 'ERR_TOKEN_CYCLE' });
  expect(settled).toEqual(['ok', 'ok']);
  expect(grants).toEqual([]);
});

it('a traversal that ends as its permit is granted sends nothing and gives the permit back', async () => {
  const { rows, grant, settled, fetches } = paced(async () => ({ items: ['a'], next: undefined }));
  const walk = rows.open();
  const next = walk.next();
  await grant();
  await walk.return();
  expect(await next).toEqual({ done: true, value: undefined });
  await expect.poll(() => settled).toEqual(['lost']);
  expect(fetches()).toBe(0);
});

it('a traversal that ends while it waits for a permit gives it back when it comes', async () => {
  const { rows, grant, settled, grants, fetches } = paced(async () => ({ items: ['a'], next: undefined }));
  const walk = rows.open();
  const next = walk.next();
  while (grants.length === 0) await setImmediate();
  await walk.return();
  await grant();
  expect(await next).toEqual({ done: true, value: undefined });
  await expect.poll(() => settled).toEqual(['lost']);
  expect(fetches()).toBe(0);
});

it('a retry acquires a new permit, and so does the same page after an error', async () => {
  const answers = [new TypeError('fetch failed'), new Error('refused'), { items: ['a'], next: undefined }];
  const { rows, grant, settled } = paced(async () => {
    const answer = answers.shift();
    if (answer instanceof Error || !answer) throw answer;
    return answer;
  });
  const walk = rows.open();
  const failing = walk.next().catch((error: unknown) => error);
  await grant();
  await grant();
  expect(await failing).toMatchObject({ code: 'ERR_REQUEST_FAILED' });
  const next = walk.next();
  await grant();
  expect(await next).toEqual({ done: false, value: 'a' });
  expect(settled).toEqual(['lost', 'ok', 'ok']);
});

it('the time that a page waits for its permit while others are throttled counts towards maxElapsedMs', async () => {
  const clock = leapingClock();
  const grants: (() => void)[] = [];
  const pacer: Pacer = {
    ratePerSecond: 1,
    acquire: () => new Promise((resolve) => grants.push(() => resolve({ settle: () => {} }))),
  };
  const throttled = (headers: Readonly<Record<string, string>>) =>
    fromPages<string>(
      async () => {
        throw Object.assign(new Error('slow down'), { response: new Response('', { status: 429, headers }) });
      },
      { pace: pacer, clock, retry: { maxElapsedMs: 60_000 } },
    ).open();
  const grant = async () => {
    while (grants.length === 0) await setImmediate();
    grants.shift()?.();
  };
  const other = throttled({}).next();
  const asked = async (count: number) => {
    while (grants.length < count) await setImmediate();
  };
  await grant();
  await asked(1);
  const failing = throttled({ 'retry-after': '20' }).next();
  await asked(2);
  grants.shift();
  await clock.sleep(50_000);
  await grant();
  await expect(failing).rejects.toMatchObject({ code: 'ERR_RETRY_EXHAUSTED', attempts: 1 });
  await expect(other).rejects.toMatchObject({ code: 'ERR_RETRY_EXHAUSTED', attempts: 1 });
});
