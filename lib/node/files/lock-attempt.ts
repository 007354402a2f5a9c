import { assertOneOf } from '../../core/assert-one-of.js';
import type { Clock } from '../../core/clock.js';
import type { LockErrors } from './lock-errors.js';
import type { ProcessIdentity } from './process-identity.js';

/**
 * What to do about a lock that another process holds.
 *
 * - `'fail'`: give up at once unless its process has ended.
 * - `'watch'`: give up at once if its process runs. A process that cannot be checked, on another machine or in another
 *   container, is watched: give up at its first heartbeat, take the lock over after 30 s without one.
 * - `'wait'`: wait until the lock is free, its process has ended, or, if that cannot be checked, has given no sign of
 *   life for 30 s.
 */
export type OnLocked = 'fail' | 'watch' | 'wait';

export interface LockOptions {
  readonly onLocked?: OnLocked | undefined;
  /** Ends the wait for a lock with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock;
  /** Who takes the lock. Default: this process. */
  readonly identity?: ProcessIdentity;
}

/** What the steps of an attempt to take a lock share. */
export interface LockAttempt {
  /** The real path of the file to be locked. */
  readonly path: string;
  readonly own: ProcessIdentity & { readonly id: string };
  readonly onLocked: OnLocked;
  readonly signal: AbortSignal | undefined;
  readonly clock: Clock;
  readonly lockErrors: LockErrors;
}

/** Throws ERR_INVALID_ARGUMENT for a value that `onLocked` cannot have. */
export function assertOnLocked(onLocked: unknown): void {
  assertOneOf('onLocked', onLocked, ['fail', 'watch', 'wait']);
}
