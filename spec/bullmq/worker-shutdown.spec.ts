import type { Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { JobLocks } from '../../lib/bullmq/job-locks.js';
import { WorkerShutdown } from '../../lib/bullmq/worker-shutdown.js';
import type { Receipt } from '../../lib/core/receipt.js';
import { manualClock } from '../support/manual-clock.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

it('a worker closes within five seconds, even if BullMQ never hears of the end of its connections', async () => {
  const never = new Promise<void>(() => {});
  const ended: string[] = [];
  const worker = {
    close: () => never,
    disconnect: () => {
      ended.push('worker');
      return never;
    },
    once: () => {},
  };
  const shutdown = new WorkerShutdown({
    worker: worker as never as Worker<unknown, Receipt>,
    redis: { disconnect: () => ended.push('redis') } as never as Redis,
    locks: new JobLocks({ clock: manualClock(), lockMs: 5_000, extend: async () => [] }),
    disconnect: () => ended.push('connection'),
    signal: new AbortController().signal,
  });
  void shutdown.close();
  await vi.advanceTimersByTimeAsync(4_999);
  expect(ended).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  await shutdown.closed;
  expect(ended).toEqual(['redis', 'worker', 'connection']);
});
