import type { Clock } from '../../core/clock.js';

/** How long an abort waits for a store or a destination: long for one that works, short for a person. */
export const GRACE_MS = 1_000;

/**
 * Waits for a store, but not for one that hangs: it then finishes by itself, or never. Resolves to whether the work is
 * done; rejects as the work does.
 */
export async function withinGrace(clock: Clock, work: Promise<void>): Promise<boolean> {
  const timer = new AbortController();
  const expired = clock.sleep(GRACE_MS, timer.signal).catch(() => {});
  try {
    return await Promise.race([work.then(() => true), expired.then(() => false)]);
  } finally {
    timer.abort();
  }
}
