import { getEventListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSender } from '../lib/aws/create-sender.js';
import type { FetchPage, PageCall } from '../lib/core/page.js';
import { type FromPagesOptions, fromPages } from '../lib/from-pages.js';
import { adaptivePacer } from '../lib/pace/adaptive-pacer.js';
import { createPacers } from '../lib/pace/pacers.js';
import { leapingClock } from './support/leaping-clock.js';

const warnings: string[] = [];
const onWarning = ({ name }: Error) => {
  if (name === 'MaxListenersExceededWarning') warnings.push(name);
};
beforeEach(() => process.on('warning', onWarning));
afterEach(async () => {
  // A warning is emitted in the next turn.
  await setImmediate();
  process.off('warning', onWarning);
  expect(warnings.splice(0)).toEqual([]);
});

const PAGES = 300;

/** Hangs a listener on the signal of every call and never removes it, as some HTTP clients do. */
function hangOn({ signal }: Pick<PageCall, 'signal'>): void {
  signal?.addEventListener('abort', () => {});
}

const fetchPage: FetchPage<number> = async (token = '0', call) => {
  hangOn(call);
  await setImmediate();
  const next = Number(token) + 1;
  return { items: [next], next: next < PAGES ? String(next) : undefined };
};

describe('a signal with many listeners', () => {
  it.each<[string, FromPagesOptions<number>]>([
    ['by default', {}],
    ['without retry', { retry: false }],
    ['with a time limit', { retry: { attemptTimeoutMs: 60_000 } }],
    ['with a pace', { pace: adaptivePacer({ ratePerSecond: 1000, clock: leapingClock() }) }],
    ['with a page size', { pageSize: 1 }],
  ])('each fetch of a page %s has its own signal', async (_what, options) => {
    const controller = new AbortController();
    const walk = fromPages(fetchPage, options).prefetch(20).open({ signal: controller.signal });
    let count = 0;
    for await (const _ of walk) {
      count++;
      expect(getEventListeners(controller.signal, 'abort').length).toBeLessThanOrEqual(1);
    }
    expect(count).toBe(PAGES);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it('each call of mapAsync has its own signal, however many run at once', async () => {
    const results = await fromPages(fetchPage)
      .mapAsync(
        async (item, { signal }) => {
          for (let n = 0; n < 5; n++) hangOn({ signal });
          await setImmediate();
          return item;
        },
        { concurrency: 100 },
      )
      .toArray();
    expect(results).toHaveLength(PAGES);
  });

  it('each attempt of a sender has its own signal, whatever else shares the one given to it', async () => {
    class ListCommand {
      resolveMiddleware = () => {};
    }
    Object.assign(ListCommand.prototype, { resolveMiddleware() {} });
    const client = {
      config: { serviceId: 'Connect' },
      async send(_command: object, { abortSignal }: { abortSignal?: AbortSignal }) {
        hangOn({ signal: abortSignal });
        await setImmediate();
        return {};
      },
    };
    const sender = Reflect.apply(createSender, undefined, [client, ListCommand, { pace: false }]);
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 100 }, () => sender({}, { signal })));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('a pacer adds one listener to a signal, however many requests wait', async () => {
    const controller = new AbortController();
    const pacers = [
      adaptivePacer({ ratePerSecond: 1, clock: leapingClock() }),
      createPacers({ clock: leapingClock() }).get('List', { ratePerSecond: 1 }),
    ];
    for (const pacer of pacers) {
      const waiting = Array.from({ length: 50 }, () => pacer.acquire(controller.signal));
      expect(getEventListeners(controller.signal, 'abort').length).toBeLessThanOrEqual(1);
      for (const permit of await Promise.all(waiting)) permit.settle({ kind: 'ok' });
    }
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });
});
