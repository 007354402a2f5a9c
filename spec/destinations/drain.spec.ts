import { describe, expect, it } from 'vitest';
import type { Clock } from '../../lib/core/clock.js';
import type { Destination, DrainPosition } from '../../lib/core/destination.js';
import type { FetchPage } from '../../lib/core/page.js';
import type { Receipt } from '../../lib/core/receipt.js';
import { type FromPagesOptions, fromPages } from '../../lib/from-pages.js';
import { memoryDestination } from '../../lib/testing/index.js';
import { manualClock } from '../support/manual-clock.js';

const PAGE = 10;

/** The numbers from 0 in pages of ten, with the tokens that were asked for. */
function numbers(count: number, { failAt = (_: string | undefined): unknown => undefined } = {}) {
  const requested: (string | undefined)[] = [];
  const fetchPage: FetchPage<number> = async (token) => {
    requested.push(token);
    const error = failAt(token);
    if (error) throw error;
    const at = Number(token ?? 0);
    const items = Array.from({ length: Math.min(PAGE, count - at) }, (_, n) => at + n);
    return { items, next: at + PAGE < count ? String(at + PAGE) : undefined };
  };
  return { requested, fetchPage };
}

const isTokenRejected = (error: unknown) => error === EXPIRED;
const EXPIRED = new Error('expired');

function list(fetchPage: FetchPage<number>, options: FromPagesOptions<number> = {}) {
  return fromPages(fetchPage, { query: { operation: 'numbers' }, retry: false, isTokenRejected, ...options });
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);

/** A memory destination that logs the rows of each write, and whose calls a spec may replace. */
function logged(more: Partial<Destination<number>> = {}) {
  const memory = memoryDestination<number>();
  const writes: (readonly number[])[] = [];
  const log: string[] = [];
  const destination: Destination<number> = {
    target: 'memory',
    promises: memory.promises,
    open: (...all) => {
      log.push('open');
      return memory.open(...all);
    },
    write: (rows, position) => {
      writes.push(rows);
      return memory.write(rows, position);
    },
    startOver: (position) => memory.startOver?.(position) ?? Promise.resolve(),
    finish: (end) => {
      log.push('finish');
      return memory.finish(end);
    },
    close: () => {
      log.push('close');
      return memory.close();
    },
    ...more,
  };
  return { destination, memory, writes, log };
}

describe('drainTo', () => {
  it('drainTo writes batches of the given size across pages, and a shorter last one', async () => {
    const { destination, writes } = logged();
    await list(numbers(25).fetchPage).drainTo(destination, { batch: 8 });
    expect(writes.map(({ length }) => length)).toEqual([8, 8, 8, 1, 0]);
  });

  it('drainTo writes what came within everyMs, even if the listing then hangs', async () => {
    const clock = manualClock();
    const { fetchPage } = numbers(20);
    let answer = () => {};
    const slow: FetchPage<number> = async (token, call) => {
      if (token !== undefined) await new Promise<void>((resolve) => (answer = resolve));
      return fetchPage(token, call);
    };
    const { destination, memory } = logged();
    const drained = list(slow, { clock }).drainTo(destination, { everyMs: 300 });
    await clock.advance(299);
    expect(memory.unfinished).toEqual([]);
    await clock.advance(1);
    expect(memory.unfinished).toEqual(range(0, 10));
    expect(memory.position?.cursor.token).toBe('10');
    answer();
    expect(await drained).toMatchObject({ written: 20, complete: true });
    expect(clock.sleepers).toBe(0);
  });

  it('drainTo starts one timer for a write, however many pages it waits for', async () => {
    const clock = manualClock();
    let timers = 0;
    const counted: Clock = {
      now: clock.now,
      sleep: (...all) => {
        timers++;
        return clock.sleep(...all);
      },
    };
    const writes: (readonly number[])[] = [];
    const { destination } = logged({ write: async (rows) => void writes.push(rows) });
    await list(numbers(30 * PAGE).fetchPage, { clock: counted }).drainTo(destination);
    expect(writes.flat()).toEqual(range(0, 30 * PAGE));
    expect(timers).toBe(1);
    expect(clock.sleepers).toBe(0);
  });

  it('drainTo saves its position every everyMs if an operator lets no row through', async () => {
    const clock = manualClock();
    const { fetchPage, requested } = numbers(60);
    const slow: FetchPage<number> = async (token, call) => {
      await clock.sleep(100);
      return fetchPage(token, call);
    };
    const { destination, memory, writes } = logged();
    const rare = list(slow, { clock }).filter((n) => n === 59);
    const abort = new AbortController();
    const drained = rare.drainTo(destination, { everyMs: 250, signal: abort.signal });
    await clock.advance(449);
    expect(memory.position?.cursor.token).toBe('30');
    expect(memory.position?.totals).toMatchObject({ items: 30, written: 0 });
    expect(writes).toEqual([[]]);
    abort.abort();
    await expect(drained).rejects.toBe(abort.signal.reason);
    requested.length = 0;
    expect(await clock.run(rare.drainTo(destination))).toMatchObject({ items: 60, written: 1, resumed: 1 });
    expect(requested[0]).toBe('40');
    expect(memory.published).toEqual([59]);
  });

  it('drainTo saves its position after pages without items', async () => {
    const empty: FetchPage<number> = async (token) => {
      if (token === '3') throw new Error('the process ends here');
      return { items: [], next: String(Number(token ?? 0) + 1) };
    };
    const { destination, memory } = logged();
    await expect(list(empty).drainTo(destination, { everyMs: 0 })).rejects.toThrow();
    expect(memory.position?.cursor.token).toBe('3');
  });

  it('drainTo writes no separate position if every item is a row', async () => {
    const { destination, writes } = logged();
    await list(numbers(30).fetchPage).drainTo(destination, { everyMs: 0 });
    expect(writes.map(({ length }) => length)).toEqual([10, 10, 10, 0]);
  });

  it.each([0, 2])(
    'drainTo fetches no more than prefetch(%i) reads ahead until a write is done',
    async (ahead) => {
      const { fetchPage, requested } = numbers(100);
      let finishWrite = () => {};
      const { destination, memory } = logged();
      const write = destination.write;
      let isHeld = true;
      const slow = {
        ...destination,
        write: async (rows: readonly number[], position: DrainPosition) => {
          if (isHeld) await new Promise<void>((resolve) => (finishWrite = resolve));
          isHeld = false;
          return write(rows, position);
        },
      };
      const drained = list(fetchPage).prefetch(ahead).drainTo(slow, { batch: PAGE });
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
      expect(requested).toHaveLength(1 + ahead);
      finishWrite();
      await drained;
      expect(memory.published).toEqual(range(0, 100));
    },
  );

  it('drainTo reports its totals after each write, and waits for the callback', async () => {
    const seen: number[] = [];
    let running = 0;
    await list(numbers(25).fetchPage)
      .filter((n) => n % 2 === 0)
      .drainTo(memoryDestination(), {
        batch: 5,
        onProgress: async ({ written, items }) => {
          expect(running++).toBe(0);
          seen.push(written, items);
          await new Promise(setImmediate);
          running--;
        },
      });
    expect(seen).toEqual([5, 9, 10, 19, 13, 25, 13, 25]);
  });

  it.each([
    ['onProgress', { onProgress: () => Promise.reject(new Error('mine')) }],
    ['receipt', { receipt: () => Promise.reject(new Error('mine')) }],
  ])('fails with the error of a callback %s as the cause, and closes', async (_name, options) => {
    const { destination, log } = logged();
    await expect(list(numbers(25).fetchPage).drainTo(destination, options)).rejects.toMatchObject({
      code: 'ERR_CALLBACK_FAILED',
      cause: { message: 'mine' },
    });
    expect(log.at(-1)).toBe('close');
  });

  it('drainTo publishes at once, without a request, what an earlier run had written completely', async () => {
    const { destination, memory } = logged({ finish: () => Promise.reject(new Error('no space')) });
    const first = numbers(25);
    await expect(list(first.fetchPage).drainTo(destination)).rejects.toMatchObject({
      code: 'ERR_DESTINATION_FAILED',
      message: 'cannot publish memory (Error); fix the cause and run the same drain again to resume',
      cause: { message: 'no space' },
    });
    expect(memory.position?.cursor.exhausted).toBe(true);
    const second = numbers(25);
    const receipt = await list(second.fetchPage).drainTo(memory);
    expect(second.requested).toEqual([]);
    expect(memory.published).toEqual(range(0, 25));
    expect(receipt).toMatchObject({ complete: true, pages: 3, items: 25, written: 25, resumed: 1 });
  });

  it('drainTo publishes at once, without a request, what an earlier run had written up to its limit', async () => {
    const { destination, memory } = logged({ finish: () => Promise.reject(new Error('no space')) });
    await expect(list(numbers(25).fetchPage).take(10).drainTo(destination)).rejects.toThrow('publish');
    const { fetchPage, requested } = numbers(25);
    expect(await list(fetchPage).take(10).drainTo(memory)).toMatchObject({ end: 'limit', written: 10 });
    expect(requested).toEqual([]);
    expect(memory.published).toEqual(range(0, 10));
  });

  it('drainTo continues an unfinished run to a higher limit', async () => {
    const memory = memoryDestination<number>();
    const { fetchPage } = numbers(50, { failAt: (token) => token === '20' && new Error('down') });
    await expect(list(fetchPage).take(30).drainTo(memory, { batch: 7 })).rejects.toThrow();
    await list(numbers(50).fetchPage).take(40).drainTo(memory);
    expect(memory.published).toEqual(range(0, 40));
  });

  it.each([
    ['flatMap', (rows: ReturnType<typeof list>) => rows.flatMap((n) => [n, n + 0.5])],
    ['mapAsync', (rows: ReturnType<typeof list>) => rows.mapAsync(async (n) => n * 2, { concurrency: 3 })],
    ['drop and filter', (rows: ReturnType<typeof list>) => rows.drop(7).filter((n) => n % 3 > 0)],
    ['batch and flatMap', (rows: ReturnType<typeof list>) => rows.batch(4).flatMap((all) => all.slice())],
  ])('a drain after %s has every row once, wherever its runs were cut off', async (_name, chain) => {
    const expected = await chain(list(numbers(25).fetchPage)).toArray();
    for (let cut = 1; cut <= expected.length; cut += 4) {
      const memory = memoryDestination<number>();
      const abort = new AbortController();
      const stop = ({ written }: { written: number }) => written >= cut && abort.abort(new Error('stop'));
      await chain(list(numbers(25).fetchPage))
        .drainTo(memory, { batch: 3, signal: abort.signal, onProgress: (totals) => void stop(totals) })
        .catch(() => {});
      const receipt = await chain(list(numbers(25).fetchPage)).drainTo(memory, { batch: 3 });
      expect(memory.published).toEqual(expected);
      expect(receipt).toMatchObject({ items: 25, written: expected.length });
    }
  });

  it('drainTo passes batches to the destination that belong to no operator of the listing', async () => {
    const memory = memoryDestination<number>();
    let job: unknown;
    const open: Destination<number>['open'] = (one, options) => {
      job = one;
      return memory.open(one, options);
    };
    const { fetchPage } = numbers(20, { failAt: (token) => token === '10' && new Error('down') });
    const { destination } = logged({ open, write: memory.write });
    await expect(
      list(fetchPage)
        .map((n) => n)
        .tap(() => {})
        .drainTo(destination),
    ).rejects.toThrow();
    expect(job).toEqual({ query: { operation: 'numbers', input: {} }, chain: ['map'] });
    expect(memory.position?.cursor).not.toHaveProperty('exhausted');
    const walk = list(numbers(20).fetchPage)
      .map((n) => n)
      .open({ from: memory.position?.cursor });
    expect((await walk.next()).value).toBe(10);
    await walk.return();
  });

  it('drainTo writes the rows before a page that fails, so the next run fetches only that page and those after it', async () => {
    const memory = memoryDestination<number>();
    const failing = numbers(30, { failAt: (token) => token === '20' && new Error('down') });
    await expect(list(failing.fetchPage).drainTo(memory)).rejects.toThrow();
    expect(memory.unfinished).toHaveLength(20);
    const { fetchPage, requested } = numbers(30);
    expect(await list(fetchPage).drainTo(memory)).toMatchObject({ complete: true, written: 30 });
    expect(requested).toEqual(['20']);
  });

  it.each([
    [undefined, 'the destination of drainTo must be an object with open, write, finish and close'],
    [[], 'the destination of drainTo must be'],
    [{ open() {}, write() {} }, 'the destination of drainTo must be'],
  ])('refuses %j as a destination', async (destination, message) => {
    const { fetchPage, requested } = numbers(5);
    await expect(list(fetchPage).drainTo(destination as never)).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      message: expect.stringContaining(message),
    });
    expect(requested).toEqual([]);
  });

  it.each([
    [{ batch: 0 }, 'batch must be a whole number from 1, received 0'],
    [{ everyMs: -1 }, 'everyMs must be a number of milliseconds from 0, received -1'],
    [{ onProgress: 1 }, 'the callback of onProgress must be a function, received 1'],
    [{ receipt: 'x' }, 'the callback of receipt must be a function, received "x"'],
    [{ signal: {} }, 'signal must be an AbortSignal'],
    [{ bacth: 1 }, 'unknown option "bacth" in options of drainTo'],
  ])('refuses %j before it opens anything', async (options, message) => {
    const { destination, log } = logged();
    await expect(list(numbers(5).fetchPage).drainTo(destination, options as never)).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      message: expect.stringContaining(message),
    });
    expect(log).toEqual([]);
  });
});

it('drainTo takes a destination of the rows of the listing, or of anything', async () => {
  const strings = list(numbers(3).fetchPage).map(String);
  const anything = memoryDestination<unknown>();
  await strings.drainTo(anything);
  await strings.drainTo(memoryDestination<string>());
  // @ts-expect-error the rows are strings, and the destination takes numbers
  await strings.drainTo(memoryDestination<number>());
  expect(anything.published).toEqual(['0', '1', '2']);
});

describe('an abort of drainTo', () => {
  it('drainTo with an aborted signal opens nothing', async () => {
    const { destination, log } = logged();
    const signal = AbortSignal.abort(new Error('stop'));
    await expect(list(numbers(5).fetchPage).drainTo(destination, { signal })).rejects.toThrow('stop');
    await expect(list(numbers(5).fetchPage, { signal }).drainTo(destination)).rejects.toThrow('stop');
    expect(log).toEqual([]);
  });

  it('an abort of drainTo ends a fetch that ignores its signal, and the rows before it stay written', async () => {
    const abort = new AbortController();
    const { fetchPage } = numbers(20);
    const hanging: FetchPage<number> = (token, call) =>
      token === undefined ? fetchPage(token, call) : new Promise(() => {});
    const { destination, memory, log } = logged();
    const options = {
      signal: abort.signal,
      batch: PAGE,
      onProgress: () => void setImmediate(() => abort.abort('stop')),
    };
    await expect(list(hanging).drainTo(destination, options)).rejects.toBe('stop');
    expect(memory.unfinished).toEqual(range(0, 10));
    expect(log).toEqual(['open', 'close']);
  });

  it('an abort of drainTo waits for a write in progress, and then closes the destination', async () => {
    const abort = new AbortController();
    const { destination, memory, log } = logged();
    const slow = {
      ...destination,
      write: async (rows: readonly number[], position: DrainPosition) => {
        abort.abort('stop');
        await new Promise(setImmediate);
        log.push('written');
        await memory.write(rows, position);
      },
    };
    await expect(list(numbers(5).fetchPage).drainTo(slow, { signal: abort.signal })).rejects.toBe('stop');
    expect(log).toEqual(['open', 'written', 'close']);
    expect(memory.unfinished).toEqual(range(0, 5));
  });

  it('an abort of drainTo takes effect after a second even if a write hangs, and closes the destination once the write has ended', async () => {
    const clock = manualClock();
    const abort = new AbortController();
    let finishWrite = () => {};
    const { destination, log } = logged({
      write: () => {
        log.push('write');
        abort.abort('stop');
        return new Promise((resolve) => (finishWrite = resolve));
      },
    });
    const drained = list(numbers(5).fetchPage, { clock }).drainTo(destination, { signal: abort.signal });
    const outcome = drained.catch((error: unknown) => error);
    expect(await clock.run(outcome)).toBe('stop');
    expect(clock.now()).toBe(1_000);
    expect(log).toEqual(['open', 'write']);
    finishWrite();
    await new Promise(setImmediate);
    expect(log).toEqual(['open', 'write', 'close']);
    expect(clock.sleepers).toBe(0);
  });

  it('an abort of drainTo closes a destination that opens only after the abort', async () => {
    const clock = manualClock();
    const abort = new AbortController();
    let finishOpening = () => {};
    const { destination, log, memory } = logged({
      open: async (...all) => {
        abort.abort('stop');
        await new Promise<void>((resolve) => (finishOpening = resolve));
        return memory.open(...all);
      },
    });
    const drained = list(numbers(5).fetchPage, { clock }).drainTo(destination, { signal: abort.signal });
    expect(await clock.run(drained.catch((error: unknown) => error))).toBe('stop');
    expect(log).toEqual([]);
    finishOpening();
    await new Promise(setImmediate);
    expect(log).toEqual(['close']);
  });

  it('an abort of drainTo reaches the destination through the signal it was opened with', async () => {
    const abort = new AbortController();
    let seen: AbortSignal | undefined;
    const { destination, memory } = logged({
      open: (job, options) => {
        seen = options.signal;
        return memory.open(job, options);
      },
      finish: async () => {
        abort.abort('stop');
        throw seen?.reason;
      },
    });
    const rows = list(numbers(5).fetchPage, { signal: abort.signal });
    await expect(rows.drainTo(destination)).rejects.toBe('stop');
    expect(memory.position?.cursor.exhausted).toBe(true);
  });
});

describe('a rejected token in drainTo', () => {
  it('a rejected token makes drainTo start over with no rows and no counts left', async () => {
    const memory = memoryDestination<number>();
    let rejections = 1;
    const { fetchPage, requested } = numbers(50, {
      failAt: (token) => token === '20' && rejections-- > 0 && EXPIRED,
    });
    const rows = list(fetchPage, { onTokenRejected: 'restart' });
    const receipt = await rows.drop(5).take(30).drainTo(memory, { batch: 4 });
    expect(memory.published).toEqual(range(5, 35));
    expect(requested).toEqual([undefined, '10', '20', undefined, '10', '20', '30']);
    expect(receipt).toMatchObject({
      restarts: 1,
      pages: 6,
      requests: 7,
      items: 35,
      written: 30,
      end: 'limit',
    });
  });

  it('a token that drainTo finds rejected as early again is the error', async () => {
    const { fetchPage, requested } = numbers(50, { failAt: (token) => token === '20' && EXPIRED });
    const memory = memoryDestination<number>();
    await expect(list(fetchPage).drainTo(memory, { batch: 4 })).rejects.toMatchObject({
      code: 'ERR_TOKEN_REJECTED',
      message: expect.stringMatching(/^(?!.*onTokenRejected).*rejected again/),
    });
    expect(requested).toEqual([undefined, '10', '20', undefined, '10', '20']);
    expect(memory.position?.totals).toMatchObject({ restarts: 1, pages: 4, requests: 6, written: 20 });
  });

  it('a rejected token is an error in a destination that cannot take back rows, unless the listing restarts', async () => {
    const fails = { failAt: (token: string | undefined) => token === '10' && left-- > 0 && EXPIRED };
    let left = 2;
    const { startOver: _, ...appendOnly } = logged().destination;
    await expect(list(numbers(20, fails).fetchPage).drainTo(appendOnly)).rejects.toMatchObject({
      code: 'ERR_TOKEN_REJECTED',
    });
    left = 1;
    const { destination, memory } = logged();
    const { startOver: __, ...other } = destination;
    const rows = list(numbers(20, fails).fetchPage, { onTokenRejected: 'restart' });
    const receipt = await rows.drainTo(other, { batch: PAGE });
    expect(memory.published).toEqual([...range(0, 10), ...range(0, 20)]);
    expect(receipt).toMatchObject({ restarts: 1, items: 30, written: 30 });
  });
});

describe('the receipt of a drain', () => {
  it('a receipt says what was done, as plain JSON, and the callback gets it too', async () => {
    const receipts: Receipt[] = [];
    const receipt = await fromPages(numbers(25).fetchPage, {
      query: { operation: 'numbers', input: { team: 'a' } },
    }).drainTo(logged({ finish: async () => ({ bytes: 7, sha256: 'abc' }) }).destination, {
      receipt: (one) => void receipts.push(one),
    });
    expect(receipts).toEqual([receipt]);
    expect(JSON.parse(JSON.stringify(receipt))).toEqual({
      query: { operation: 'numbers', input: { team: expect.any(String) } },
      startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      endedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      end: 'exhausted',
      complete: true,
      pages: 3,
      items: 25,
      written: 25,
      requests: 3,
      throttles: 0,
      waitedMs: 0,
      failed: 0,
      restarts: 0,
      resumed: 0,
      target: 'memory',
      bytes: 7,
      sha256: 'abc',
    });
  });

  it('a receipt covers all runs, failed ones included', async () => {
    const memory = memoryDestination<number>();
    let failures = 3;
    const { fetchPage } = numbers(45, {
      failAt: (token) =>
        token === '20' && failures-- > 0 && Object.assign(new Error('slow down'), { status: 429 }),
    });
    const receipts: Receipt[] = [];
    const receipt = (one: Receipt) => void receipts.push(one);
    const rows = list(fetchPage);
    await expect(rows.drainTo(memory, { batch: 6, receipt })).rejects.toThrow();
    await expect(rows.drainTo(memory, { batch: 6, receipt })).rejects.toThrow();
    await expect(rows.drainTo(memory, { batch: 6, receipt })).rejects.toThrow();
    await rows.drainTo(memory, { batch: 6, receipt });
    expect(memory.published).toEqual(range(0, 45));
    expect(receipts.map(({ end }) => end)).toEqual(['failed', 'failed', 'failed', 'exhausted']);
    expect(receipts.map(({ complete }) => complete)).toEqual([false, false, false, true]);
    expect(receipts.map(({ resumed }) => resumed)).toEqual([0, 1, 2, 3]);
    expect(receipts.map(({ throttles }) => throttles)).toEqual([1, 2, 3, 3]);
    expect(new Set(receipts.map(({ startedAt }) => startedAt)).size).toBe(1);
    expect(receipts.at(-1)).toMatchObject({ items: 45, written: 45 });
  });

  it('the receipt of a run whose first page never came counts its request, and nothing is left to resume', async () => {
    const { fetchPage } = numbers(25, { failAt: () => new Error('access denied') });
    const { destination, memory, writes } = logged();
    const receipts: Receipt[] = [];
    const failed = list(fetchPage).drainTo(destination, { receipt: (one) => void receipts.push(one) });
    await expect(failed).rejects.toMatchObject({ code: 'ERR_REQUEST_FAILED' });
    expect(receipts).toMatchObject([{ end: 'failed', pages: 0, requests: 1 }]);
    expect(writes).toEqual([]);
    expect(memory.position).toBeUndefined();
  });

  it('a receipt counts a run that was killed before its first write, or while it published', async () => {
    const memory = memoryDestination<number>();
    const { fetchPage } = numbers(20);
    const down = numbers(20, { failAt: (token) => token !== undefined && new Error('down') });
    await expect(list(down.fetchPage).drainTo(memory)).rejects.toThrow();
    /** Resolves when the run comes to what it never gets past, as if it had been killed there. */
    const killedAt = (stop: 'page' | 'finish') =>
      new Promise<void>((resolve) => {
        const never = () => {
          resolve();
          return new Promise<never>(() => {});
        };
        const rows = list(stop === 'page' ? never : fetchPage);
        const destination = stop === 'finish' ? { ...memory, finish: never } : memory;
        rows.drainTo(destination).catch(() => {});
      });
    await killedAt('page');
    await killedAt('finish');
    await killedAt('finish');
    const receipt = await list(fetchPage).drainTo(memory);
    expect(receipt).toMatchObject({ complete: true, written: 20, resumed: 4 });
  });

  it('the receipt of an aborted run says that it was aborted', async () => {
    const abort = new AbortController();
    const receipts: Receipt[] = [];
    await expect(
      list(numbers(25).fetchPage).drainTo(memoryDestination(), {
        batch: 5,
        signal: abort.signal,
        onProgress: () => abort.abort('stop'),
        receipt: (one) => void receipts.push(one),
      }),
    ).rejects.toBe('stop');
    expect(receipts).toMatchObject([{ end: 'aborted', complete: false, written: 5 }]);
  });

  it('a run that is fenced off, or that belongs to another job, gives no receipt', async () => {
    const memory = memoryDestination<number>();
    const receipts: Receipt[] = [];
    const receipt = (one: Receipt) => void receipts.push(one);
    const open = async () => void (await memory.open(JOB, { signal: new AbortController().signal }));
    const options = { batch: 5, onProgress: open, receipt };
    await expect(list(numbers(25).fetchPage).drainTo(memory, options)).rejects.toMatchObject({
      code: 'ERR_DESTINATION_FENCED',
    });
    const other = fromPages(numbers(25).fetchPage, { query: { operation: 'other' } });
    await expect(other.drainTo(memory, { receipt })).rejects.toMatchObject({ code: 'ERR_CURSOR_MISMATCH' });
    await expect(
      list(numbers(25).fetchPage)
        .map(String)
        .drainTo(memory as never),
    ).rejects.toMatchObject({
      code: 'ERR_CURSOR_MISMATCH',
      message: expect.stringContaining('it was made with none, and this listing has map; run the job'),
    });
    expect(receipts).toEqual([]);
  });
});

describe('an error of a destination', () => {
  it('the error of a destination names the target and the code, never what is in a row, and has the cursor to resume from', async () => {
    let writes = 0;
    const { destination, memory } = logged();
    const failing = {
      ...destination,
      write: (rows: readonly number[], position: DrainPosition) =>
        ++writes === 2
          ? Promise.reject(Object.assign(new Error('bad value: 17'), { code: 'ENOSPC' }))
          : memory.write(rows, position),
    };
    await expect(list(numbers(25).fetchPage).drainTo(failing, { batch: 5 })).rejects.toMatchObject({
      code: 'ERR_DESTINATION_FAILED',
      message: 'cannot write to memory (ENOSPC); fix the cause and run the same drain again to resume',
      cause: { message: 'bad value: 17' },
      cursor: { offset: 5 },
    });
  });

  it('the error that ended a drain is not hidden when closing fails too', async () => {
    const { destination } = logged({
      write: () => Promise.reject(new Error('first')),
      close: () => Promise.reject(new Error('second')),
    });
    await expect(list(numbers(5).fetchPage).drainTo(destination)).rejects.toMatchObject({
      cause: { message: 'first' },
    });
  });

  it('an error of closing is reported if nothing else went wrong', async () => {
    const { destination } = logged({ close: () => Promise.reject(new Error('second')) });
    await expect(list(numbers(5).fetchPage).drainTo(destination)).rejects.toMatchObject({
      code: 'ERR_DESTINATION_FAILED',
      message: expect.stringContaining('cannot close memory'),
    });
  });
});

const JOB = { query: { operation: 'numbers', input: {} }, chain: [] };
