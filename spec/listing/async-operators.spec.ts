import { describe, expect, it } from 'vitest';
import { fromPages } from '../../lib/from-pages.js';
import type { Listing } from '../../lib/listing/listing.js';
import { manualClock } from '../support/manual-clock.js';
import { fail, ids, modelService, type Person } from './model-service.js';

/** Work that ends when the spec says so. */
function worker() {
  const running = new Map<
    string,
    { resolve: () => void; reject: (error: Error) => void; signal: AbortSignal }
  >();
  let most = 0;
  const work = ({ id }: Person, { signal }: { readonly signal: AbortSignal }) =>
    new Promise<string>((resolve, reject) => {
      const forget = <A extends unknown[]>(settle: (...args: A) => void) => {
        return (...args: A) => {
          running.delete(id);
          settle(...args);
        };
      };
      running.set(id, { resolve: forget(() => resolve(id)), reject: forget(reject), signal });
      most = Math.max(most, running.size);
    });
  const settled = () => new Promise(setImmediate);
  return { running, work, settled, most: () => most };
}

describe('mapAsync', () => {
  it('mapAsync runs as many callbacks at once as its concurrency and delivers the results in order', async () => {
    const { running, work, settled, most } = worker();
    const walk = modelService(7).listing().mapAsync(work, { concurrency: 3 }).open();
    const seen: string[] = [];
    const reading = (async () => {
      for await (const id of walk) seen.push(id);
    })();
    for (let i = 0; i < 7; i++) {
      await settled();
      [...running.values()].at(-1)?.resolve();
    }
    await reading;
    expect(seen).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6']);
    expect(most()).toBe(3);
  });

  it.each<[string, (listing: Listing<string>) => Listing<string>]>([
    ['a flatMap', (listing) => listing.flatMap((id) => [id])],
    ['batches that are flattened', (listing) => listing.batch(2).flatMap((some) => [...some])],
    [
      'a batch that a take asks for',
      (listing) =>
        listing
          .batch(3)
          .take(1)
          .flatMap((some) => [...some]),
    ],
  ])('mapAsync uses its full concurrency before %s', async (_what, behind) => {
    const { work, settled, running, most } = worker();
    const walk = behind(modelService(9, 9).listing().mapAsync(work, { concurrency: 3 })).open();
    const first = walk.next();
    await settled();
    expect(most()).toBe(3);
    for (const job of [...running.values()]) job.resolve();
    await first;
    await walk.return();
  });

  it('mapAsync delivers the results of the items before one at which an earlier operator fails', async () => {
    const walk = modelService(9, 9)
      .listing()
      .filter(({ id }) => {
        if (id === 'p4') throw new Error('not four');
        return true;
      })
      .mapAsync(async ({ id }) => id)
      .open();
    const seen: string[] = [];
    const read = async () => {
      for await (const id of walk) seen.push(id);
    };
    await expect(read()).rejects.toMatchObject({ code: 'ERR_CALLBACK_FAILED', cursor: { offset: 4 } });
    await expect(read()).rejects.toMatchObject({ code: 'ERR_CALLBACK_FAILED', cursor: { offset: 4 } });
    expect(seen).toEqual(['p0', 'p1', 'p2', 'p3']);
  });

  it('a failure before a batch and a mapAsync is thrown once, and nothing runs again until the next call', async () => {
    const calls: string[] = [];
    const walk = modelService(8)
      .listing()
      .mapAsync(async ({ id }) => id, { concurrency: 1 })
      .map((id) => {
        calls.push(id);
        if (id === 'p5' && calls.indexOf(id) === calls.length - 1) throw new Error('once');
        return id;
      })
      .batch(1)
      .mapAsync(async ([id]) => id)
      .open();
    const seen: unknown[] = [];
    const read = async () => {
      for await (const id of walk) seen.push(id);
    };
    await expect(read()).rejects.toMatchObject({ code: 'ERR_CALLBACK_FAILED', cursor: { offset: 2 } });
    expect([seen, calls.length]).toEqual([['p0', 'p1', 'p2', 'p3', 'p4'], 6]);
    await read();
    expect(seen).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7']);
  });

  it('an unordered mapAsync delivers results as they finish, and its cursor stays before the first unfinished item', async () => {
    const service = modelService(6);
    const { running, work, settled } = worker();
    const walk = service.listing().mapAsync(work, { concurrency: 3, ordered: false }).open();
    const first = walk.next();
    await settled();
    running.get('p2')?.resolve();
    expect(await first).toMatchObject({ value: 'p2' });
    const second = walk.next();
    await settled();
    running.get('p1')?.resolve();
    expect(await second).toMatchObject({ value: 'p1' });
    expect(walk.cursor).toMatchObject({ offset: 0 });
    await walk.return();
    const again: string[] = [];
    for await (const { id } of service.listing().open({ from: walk.cursor })) again.push(id);
    expect(again).toEqual(ids(service.people));
  });

  it('results that were not taken count towards the concurrency, so a slow consumer slows mapAsync down', async () => {
    const { running, work, settled } = worker();
    const walk = modelService(9).listing().mapAsync(work, { concurrency: 2 }).open();
    const first = walk.next();
    await settled();
    for (const job of [...running.values()]) job.resolve();
    await first;
    await settled();
    expect(running.size).toBe(0);
    await walk.return();
  });

  it('a mapAsync callback that fails ends the traversal with the cursor before its item', async () => {
    const walk = modelService(7)
      .listing()
      .mapAsync(async ({ id }) => {
        if (id === 'p4') throw new RangeError('not four');
        return id;
      })
      .open();
    const seen: string[] = [];
    await expect(
      (async () => {
        for await (const id of walk) seen.push(id);
      })(),
    ).rejects.toMatchObject({
      code: 'ERR_CALLBACK_FAILED',
      message: 'the callback of mapAsync failed: RangeError',
      cause: expect.any(RangeError),
      cursor: expect.objectContaining({ key: 'p3' }),
    });
    expect(seen).toEqual(['p0', 'p1', 'p2', 'p3']);
  });

  it('mapAsync continues in place after a failure and repeats unfinished work', async () => {
    const tries = new Map<string, number>();
    const walk = modelService(5)
      .listing()
      .mapAsync(async ({ id }) => {
        tries.set(id, (tries.get(id) ?? 0) + 1);
        if (id === 'p1' && tries.get(id) === 1) throw new Error('once');
        return id;
      })
      .open();
    const seen: string[] = [];
    const read = async () => {
      for await (const id of walk) seen.push(id);
    };
    await expect(read()).rejects.toMatchObject({ code: 'ERR_CALLBACK_FAILED' });
    await read();
    expect(seen).toEqual(['p0', 'p1', 'p2', 'p3', 'p4']);
    expect(walk.end?.reason).toBe('exhausted');
  });

  it('mapAsync delivers the results of earlier items before the error of a page that cannot be fetched', async () => {
    const service = modelService(6);
    service.faults.set(1, fail());
    const walk = service
      .listing()
      .mapAsync(async ({ id }) => id)
      .open();
    const seen: string[] = [];
    const failure: unknown = await (async () => {
      for await (const id of walk) seen.push(id);
    })().catch((error: unknown) => error);
    expect(seen).toEqual(['p0', 'p1', 'p2']);
    expect(failure).toMatchObject({ code: 'ERR_REQUEST_FAILED', cursor: { token: 'name-0002', offset: 0 } });
  });

  it('return() aborts the signals of running mapAsync callbacks', async () => {
    const { running, work, settled } = worker();
    const walk = modelService(7).listing().mapAsync(work, { concurrency: 2 }).open();
    const first = walk.next();
    await settled();
    const signals = [...running.values()].map(({ signal }) => signal);
    await walk.return();
    expect(await first).toEqual({ value: undefined, done: true });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it('mapAsync starts no work that a take after it makes unnecessary', async () => {
    let started = 0;
    const some = modelService(9)
      .listing()
      .mapAsync(async ({ id }) => {
        started++;
        return id;
      });
    expect(await some.take(2).toArray()).toEqual(['p0', 'p1']);
    expect(started).toBe(2);
  });
});

describe('batch', () => {
  it('a batch spans pages, and the last one may be shorter', async () => {
    const batches = await modelService(8).listing().batch(5).toArray();
    expect(batches.map(ids)).toEqual([
      ['p0', 'p1', 'p2', 'p3', 'p4'],
      ['p5', 'p6', 'p7'],
    ]);
  });

  it('a batch is acknowledged as a whole', async () => {
    const service = modelService(8);
    const walk = service.listing().batch(2).open();
    await walk.next();
    await walk.next();
    expect(walk.cursor).toMatchObject({ offset: 2, key: 'p1' });
    await walk.return();
    const rest: string[] = [];
    for await (const { id } of service.listing().open({ from: walk.cursor })) rest.push(id);
    expect(rest).toEqual(['p2', 'p3', 'p4', 'p5', 'p6', 'p7']);
  });

  it('a batch is delivered after maxWaitMs even if it is not full', async () => {
    const clock = manualClock();
    const service = modelService(5);
    let answer = () => {};
    service.faults.set(1, async (page) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return page();
    });
    const walk = service.listing({ clock }).batch(4, { maxWaitMs: 100 }).open();
    const first = walk.next();
    await new Promise(setImmediate);
    await clock.advance(100);
    expect((await first).value?.map(({ id }) => id)).toEqual(['p0', 'p1', 'p2']);
    answer();
    expect((await walk.next()).value?.map(({ id }) => id)).toEqual(['p3', 'p4']);
    expect(await walk.next()).toMatchObject({ done: true });
    expect(clock.sleepers).toBe(0);
  });

  it('return() while a batch fills leaves no timer', async () => {
    const clock = manualClock();
    const service = modelService(5);
    service.faults.set(1, () => new Promise(() => {}));
    const walk = service.listing({ clock }).batch(4, { maxWaitMs: 100 }).open();
    const waiting = walk.next();
    await new Promise(setImmediate);
    expect(clock.sleepers).toBe(1);
    await walk.return();
    expect(await waiting).toMatchObject({ done: true });
    await new Promise(setImmediate);
    expect(clock.sleepers).toBe(0);
  });
});

describe.each<[string, (rows: Listing<number>) => Listing<unknown>]>([
  ['batch', (rows) => rows.batch(3)],
  ['batch with a longest wait', (rows) => rows.batch(3, { maxWaitMs: 10 })],
  ['mapAsync', (rows) => rows.mapAsync(async (row) => row)],
])('an abort from within a fetch', (name, operator) => {
  it(`an abort from within the fetch ends a ${name} after it, even if the fetch never ends`, async () => {
    const abort = new AbortController();
    const rows = fromPages<number>(
      () => {
        abort.abort('stop');
        return new Promise(() => {});
      },
      { retry: false },
    );
    await expect(operator(rows).open({ signal: abort.signal }).next()).rejects.toBe('stop');
  });
});
