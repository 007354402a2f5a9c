import { channel } from 'node:diagnostics_channel';

/** A process waits for the lock of a file that another one holds: the event of `pageturn:lock-wait`. */
export interface LockWaitEvent {
  /** The file, as an absolute path. */
  readonly path: string;
  /** The number and the host of the process that holds the lock; undefined if the lock does not name it. */
  readonly pid: number | undefined;
  readonly host: string | undefined;
}

export const LOCK_WAIT = 'pageturn:lock-wait';

export function publishLockWait(event: LockWaitEvent): void {
  lockWait.publish(event);
}

const lockWait = channel(LOCK_WAIT);
