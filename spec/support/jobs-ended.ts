import type { DrainWorker } from '../../lib/bullmq/index.js';

/** Resolves once so many attempts of jobs have ended in this way. */
export function jobsEnded<D extends object>(
  { bullmq }: DrainWorker<D>,
  how: 'completed' | 'failed',
  times = 1,
): Promise<void> {
  let left = times;
  return new Promise((resolve) => {
    bullmq.on(how, () => --left === 0 && resolve());
  });
}
