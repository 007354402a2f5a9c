import type { Clock } from '../../core/clock.js';
import { withinTime } from '../../core/within-time.js';

/** How long an abort waits for a store or a destination: long for one that works, short for a person. */
export const GRACE_MS = 1_000;

/**
 * Waits for a store, but not for one that hangs: it then finishes by itself, or never. Resolves to whether the work is
 * done; rejects as the work does.
 */
export function withinGrace(clock: Clock, work: Promise<void>): Promise<boolean> {
  return withinTime(
    work.then(() => true),
    { clock, ms: GRACE_MS, late: () => false },
  );
}
