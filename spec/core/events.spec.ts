import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, expect, it } from 'vitest';
import { type PageturnEvents, publish } from '../../lib/core/events.js';
import { type FromPagesOptions, fromPages } from '../../lib/from-pages.js';
import { memoryCheckpoint } from '../../lib/listing/traversal/memory-checkpoint.js';
import { adaptivePacer } from '../../lib/pace/adaptive-pacer.js';
import { fail, modelService, type Person } from '../listing/model-service.js';
import { leapingClock } from '../support/leaping-clock.js';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function record<K extends keyof PageturnEvents>(name: K): PageturnEvents[K][] {
  const events: PageturnEvents[K][] = [];
  const listener = (event: unknown) => {
    events.push(event as PageturnEvents[K]);
  };
  subscribe(name, listener);
  ends.push(() => unsubscribe(name, listener));
  return events;
}

const query = { operation: 'ListPeople' };
const list = (service: ReturnType<typeof modelService>, options: Partial<FromPagesOptions<Person>> = {}) =>
  fromPages(service.fetchPage, { query, clock: leapingClock(), ...options });

it('every page is published', async () => {
  const pages = record('pageturn:page');
  await list(modelService(4)).toArray();
  expect(pages).toEqual([
    { operation: 'ListPeople', items: 3, hasNext: true },
    { operation: 'ListPeople', items: 1, hasNext: false },
  ]);
});

it('every attempt, throttle and retry is published', async () => {
  const [attempts, throttles, retries] = [
    record('pageturn:attempt'),
    record('pageturn:throttle'),
    record('pageturn:retry'),
  ];
  const service = modelService(2);
  const throttled = Object.assign(new Error('slow down'), { status: 429, headers: { 'retry-after': '3' } });
  service.faults.set(0, () => Promise.reject(throttled));
  await list(service).toArray();
  expect(attempts).toMatchObject([
    { operation: 'ListPeople', attempt: 1, outcome: 'throttle', error: throttled },
    { operation: 'ListPeople', attempt: 2, outcome: 'ok' },
  ]);
  expect(throttles).toMatchObject([{ operation: 'ListPeople' }]);
  expect(retries).toMatchObject([{ operation: 'ListPeople', attempt: 1, error: throttled }]);
});

it('every wait for the quota is published', async () => {
  const waits = record('pageturn:wait');
  const clock = leapingClock();
  const pace = adaptivePacer({ ratePerSecond: 1, burst: 1, learn: false, clock });
  await list(modelService(9), { pace, clock }).toArray();
  expect(waits).toHaveLength(2);
  expect(waits[0]).toMatchObject({ operation: 'ListPeople', waitedMs: expect.any(Number) });
});

it('every save, load and clear of a checkpoint is published', async () => {
  const checkpoints = record('pageturn:checkpoint');
  const store = memoryCheckpoint();
  for await (const _ of list(modelService(4)).resume(store)) break;
  for await (const _ of list(modelService(4)).resume(store));
  expect(checkpoints.map(({ action }) => action)).toEqual(['save', 'load', 'save', 'save', 'clear']);
  expect(checkpoints[0]).toEqual({ operation: 'ListPeople', key: 'ListPeople', action: 'save' });
});

it('every restart is published', async () => {
  const restarts = record('pageturn:restart');
  const service = modelService(7);
  service.faults.set(1, fail('token expired'));
  await list(service, { onTokenRejected: 'restart', isTokenRejected: () => true }).toArray();
  expect(restarts).toMatchObject([{ operation: 'ListPeople', restart: 1 }]);
});

it('no event is created while its channel has no subscribers', () => {
  publish('pageturn:page', () => {
    throw new Error('created without a subscriber');
  });
});

it('a traversal that keeps the page size of its cursor instead of the listing is published', async () => {
  const sizes = record('pageturn:page-size');
  const service = modelService(9);
  const walk = list(service, { pageSize: 3 }).open();
  await walk.next();
  const { cursorAfter } = walk;
  await walk.return();
  for await (const _ of list(service, { pageSize: 5 }).open({ from: cursorAfter }));
  expect(sizes).toEqual([{ operation: 'ListPeople', pageSize: 3, ignored: 5 }]);
});
