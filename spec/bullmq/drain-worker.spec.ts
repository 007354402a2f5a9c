import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { type DrainWorkerOptions, drainQueue, drainWorker } from '../../lib/bullmq/index.js';
import type { Destination } from '../../lib/core/destination.js';
import { PageturnError } from '../../lib/core/errors.js';
import type { FetchPage } from '../../lib/core/page.js';
import { fromPages } from '../../lib/from-pages.js';
import { memoryDestination } from '../../lib/testing/index.js';
import { jobsEnded } from '../support/jobs-ended.js';
import { redisFor } from '../support/redis-for.js';
import { hasRedis } from '../support/start-redis.js';

interface Data {
  readonly rows: number;
}

/** Longer than a busy machine stops a process, so that no job is lost to another worker. */
const LOCK_MS = 60_000;
/** For the specs that wait until a lost lock is noticed, which takes a quarter of it. */
const SHORT_LOCK_MS = 3_000;

describe.skipIf(!hasRedis)('drainWorker (needs the Debian package redis-server)', () => {
  const redis = redisFor();

  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  let queues = 0;
  const newQueue = async () => {
    const name = `queue-${queues++}`;
    const queue = await drainQueue<Data>(redis.server.url, { name });
    closers.push(() => queue.close());
    const start = async (options: Omit<DrainWorkerOptions<Data, Row>, 'name'>) => {
      const worker = await drainWorker(redis.server.url, { lockMs: LOCK_MS, ...options, name });
      closers.push(() => worker.close());
      return worker;
    };
    const jobOf = async (id: string) => {
      const job = await queue.bullmq.getJob(id);
      return { job, state: await job?.getState() };
    };
    return { ...queue, start, jobOf };
  };

  it('a job drains its listing, reports progress, and has the receipt as its result', async () => {
    const { add, start, jobOf } = await newQueue();
    const destination = memoryDestination<Row>();
    await add('users', { rows: 250 });
    const worker = await start({
      run: ({ data }) => ({ listing: list(data.rows), destination, batch: 100 }),
    });
    await jobsEnded(worker, 'completed');
    expect(destination.published).toEqual(rowsOf(250));
    const { job, state } = await jobOf('users');
    expect(state).toBe('completed');
    expect(job?.returnvalue).toMatchObject({ complete: true, written: 250, target: 'memory', resumed: 0 });
    expect(job?.progress).toMatchObject({ written: 250, items: 250, stalled: 0 });
  });

  it('a job whose code is not deployed fails with one clear error, and runs once it is', async () => {
    const { add, start, jobOf } = await newQueue();
    await add('users', { rows: 5 }, { attempts: 1, name: 'users-v2' });
    const old = await start({ run: () => undefined });
    await jobsEnded(old, 'failed');
    await old.close();
    const { job, state } = await jobOf('users');
    expect(state).toBe('failed');
    expect(job?.failedReason).toBe(
      'this worker has no code for the job "users" ("users-v2"); deploy the version that has it, and retry the job',
    );
    await job?.retry('failed');
    const destination = memoryDestination<Row>();
    const deployed = await start({ run: ({ data }) => ({ listing: list(data.rows), destination }) });
    await jobsEnded(deployed, 'completed');
    expect(destination.published).toEqual(rowsOf(5));
  });

  it('an error that would recur ends a job at once, any other is retried as BullMQ does', async () => {
    const { add, start, jobOf } = await newQueue();
    const options = { attempts: 3, backoff: { type: 'fixed', delay: 1 } } as const;
    await add('lasting', { rows: 1 }, options);
    await add('passing', { rows: 2 }, options);
    const errors = [
      new PageturnError('ERR_CURSOR_MISMATCH', 'it belongs to another query'),
      new PageturnError('ERR_DESTINATION_FAILED', 'the database is away', {
        cause: new Error('ECONNREFUSED'),
      }),
    ];
    const worker = await start({
      run: ({ data }) => {
        throw errors[data.rows - 1];
      },
    });
    await jobsEnded(worker, 'failed', 4);
    const [lasting, passing] = [await jobOf('lasting'), await jobOf('passing')];
    expect(lasting).toMatchObject({
      state: 'failed',
      job: { attemptsMade: 1, failedReason: errors[0]?.message },
    });
    expect(passing).toMatchObject({
      state: 'failed',
      job: { attemptsMade: 3, failedReason: errors[1]?.message },
    });
  });

  it('a worker that closes hands its job over at once, and the next one resumes it', async () => {
    const { add, start, jobOf } = await newQueue();
    const destination = memoryDestination<Row>();
    await add('users', { rows: 250 }, { attempts: 1 });
    const tokens: (string | undefined)[] = [];
    const hanging = pages(250, { onFetch: (token) => tokens.push(token), hangAt: 200 });
    const first = await start({ run: () => ({ listing: listOf(hanging), destination, batch: 100 }) });
    await until(() => destination.unfinished.length === 200);
    await first.close();
    expect((await jobOf('users')).state).toBe('waiting');
    const second = await start({ run: () => ({ listing: list(250), destination, batch: 100 }) });
    await jobsEnded(second, 'completed');
    expect(destination.published).toEqual(rowsOf(250));
    const { job } = await jobOf('users');
    expect(job).toMatchObject({ stalledCounter: 0, returnvalue: { resumed: 1, written: 250 } });
    expect(tokens).toEqual([undefined, '100', '200']);
  });

  it('a job whose lock is lost ends at once and writes nothing more', async () => {
    const { add, start, bullmq: queue } = await newQueue();
    const destination = memoryDestination<Row>();
    await add('users', { rows: 250 });
    const aborted: unknown[] = [];
    const hanging = pages(250, { hangAt: 100 });
    await start({
      lockMs: SHORT_LOCK_MS,
      run: (_, { signal }) => {
        signal.addEventListener('abort', () => aborted.push(signal.reason));
        return { listing: listOf(hanging), destination, batch: 100 };
      },
    });
    await until(() => destination.unfinished.length === 100);
    await redis.server.client().set(queue.toKey('users:lock'), 'the token of another worker');
    await until(() => aborted.length > 0);
    expect(aborted[0]).toMatchObject({
      code: 'ERR_QUEUE_FAILED',
      message: 'the lock of job "users" was not renewed in time; another worker continues the job',
    });
    expect(destination.unfinished).toHaveLength(100);
  });

  it('a job that its worker lost and takes again waits until the first run is over', async () => {
    const { add, start, bullmq: queue } = await newQueue();
    const destination = memoryDestination<Row>();
    const log: string[] = [];
    let closeFirst = () => {};
    const firstClosed = new Promise<void>((resolve) => {
      closeFirst = resolve;
    });
    await add('users', { rows: 250 });
    const worker = await start({
      lockMs: SHORT_LOCK_MS,
      concurrency: 2,
      run: () => {
        const isFirst = log.length === 0;
        log.push('run');
        return {
          listing: listOf(isFirst ? pages(250, { hangAt: 100 }) : pages(250)),
          destination,
          batch: 100,
          async close() {
            if (isFirst) await firstClosed;
            log.push('closed');
          },
        };
      },
    });
    await until(() => destination.unfinished.length === 100);
    const done = jobsEnded(worker, 'completed');
    const takenAgain = once(worker.bullmq, 'active');
    await redis.server.client().del(queue.toKey('users:lock'));
    await takenAgain;
    expect(log).toEqual(['run']);
    closeFirst();
    await done;
    expect(log).toEqual(['run', 'closed', 'run', 'closed']);
    expect(destination.published).toEqual(rowsOf(250));
  });

  it('a worker with default options notices a killed one within 7 s, of the 10 s that are promised', async () => {
    const { start } = await newQueue();
    const { bullmq: worker } = await start({ lockMs: undefined, run: () => undefined });
    const { lockDuration = 0, stalledInterval = 0 } = worker.opts;
    // The second look after the lock has run out finds the job, whichever worker looks.
    expect(lockDuration + 2 * stalledInterval).toBeLessThanOrEqual(7_000);
  });

  it('a run that was published but not reported is not repeated', async () => {
    const { add, start, bullmq: queue, jobOf } = await newQueue();
    const destination = memoryDestination<Row>();
    const client = redis.server.client();
    let fetches = 0;
    let isFirst = true;
    const losing: Destination<Row> = {
      ...destination,
      async finish(end) {
        const published = await destination.finish(end);
        if (isFirst) await client.del(queue.toKey('users:lock'));
        isFirst = false;
        return published;
      },
    };
    await add('users', { rows: 250 });
    const worker = await start({
      lockMs: SHORT_LOCK_MS,
      run: () => ({ listing: listOf(pages(250, { onFetch: () => fetches++ })), destination: losing }),
    });
    await jobsEnded(worker, 'completed');
    const { job } = await jobOf('users');
    expect(job?.returnvalue).toMatchObject({ complete: true, written: 250 });
    // Once, unless the machine is so busy that the next run loses its lock as well.
    expect(job?.stalledCounter).toBeGreaterThan(0);
    expect(job?.returnvalue?.resumed).toBeGreaterThan(0);
    expect(fetches).toBe(3);
    expect(destination.published).toEqual(rowsOf(250));
  });

  it('a run of a completed job that is added again begins from the first item', async () => {
    const { add, start, bullmq: queue } = await newQueue();
    const destination = memoryDestination<Row>();
    let fetches = 0;
    const worker = await start({
      run: () => ({ listing: listOf(pages(50, { onFetch: () => fetches++ })), destination }),
    });
    for (const expected of [1, 2]) {
      const completed = jobsEnded(worker, 'completed');
      await add('users', { rows: 50 });
      await completed;
      expect(fetches).toBe(expected);
      await queue.remove('users');
    }
  });

  it('what was opened for a job is closed however it ends', async () => {
    const { add, start } = await newQueue();
    const closed: string[] = [];
    await add('good', { rows: 1 });
    await add('bad', { rows: -1 }, { attempts: 1 });
    const worker = await start({
      run: ({ id, data }) => ({
        listing: listOf<Row>(async () => {
          if (data.rows < 0) throw new Error('refused');
          return { items: rowsOf(data.rows), next: undefined };
        }),
        destination: memoryDestination(),
        close: () => void closed.push(id ?? ''),
      }),
    });
    await Promise.all([jobsEnded(worker, 'completed'), jobsEnded(worker, 'failed')]);
    expect(closed.sort()).toEqual(['bad', 'good']);
  });
});

describe('drainWorker without a queue', () => {
  const run = () => undefined;
  it.each([
    [{ run, concurrency: 0 }, 'concurrency must be a whole number from 1'],
    [{ run, lockMs: 10 }, 'lockMs must be a whole number of milliseconds from 1000'],
    [{ run, name: 'a:b' }, 'name must be the name of a queue, without ":"'],
    [{ run: 'code' as never }, 'run must be a function'],
    [{ run, ...{ concurency: 1 } }, 'unknown option "concurency"'],
  ])('options like %j are refused', async (options, message) => {
    await expect(drainWorker('redis://127.0.0.1:1', options)).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      message: expect.stringContaining(message),
    });
  });
});

interface Row {
  readonly Id: string;
}

const rowsOf = (count: number): Row[] => Array.from({ length: count }, (_, n) => ({ Id: `r${n}` }));

/** Pages of 100 rows; the fetch of one may hang until it is aborted. */
function pages(
  count: number,
  { onFetch, hangAt }: { onFetch?: (token: string | undefined) => unknown; hangAt?: number } = {},
): FetchPage<Row> {
  return async (token, { signal }) => {
    onFetch?.(token);
    const at = Number(token ?? 0);
    if (at === hangAt && signal) await once(signal, 'abort');
    return {
      items: rowsOf(count).slice(at, at + 100),
      next: at + 100 < count ? String(at + 100) : undefined,
    };
  };
}

const listOf = <T>(fetchPage: FetchPage<T>) => fromPages(fetchPage, { query: { operation: 'rows' } });
const list = (count: number) => listOf(pages(count));

async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await new Promise((resolve) => setImmediate(resolve));
}
