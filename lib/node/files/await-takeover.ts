import type { LockAttempt } from './lock-attempt.js';
import { type Holder, type LockRecord, readLock } from './lock-record.js';
import { publishLockWait } from './lock-wait-event.js';
import { type ProcessIdentity, stateOf } from './process-identity.js';

/** How long a holder that cannot be checked may write no heartbeat before its lock is taken over. */
const SILENCE_MS = 30_000;
const POLL_MS = 500;
/** How often, and how soon, a lock without content is read again: its holder may be writing it (see createLock). */
const EMPTY_READS = 5;
const EMPTY_POLL_MS = 20;

/**
 * Waits for the holder of a lock, for as long as `onLocked` allows. Resolves to the holder once its lock may be taken
 * over, and to undefined once the lock has another holder or none. Throws otherwise.
 *
 * Heartbeats are only compared with each other, and silence is measured on a clock of our own that never runs
 * backwards: the clocks of two machines may differ by anything.
 */
export async function awaitTakeover(lock: string, attempt: LockAttempt): Promise<Holder | undefined> {
  const { path, onLocked, clock, signal, lockErrors } = attempt;
  let known: Holder | undefined;
  let silentSince = clock.now();
  for (let reads = 1; ; reads++) {
    const record = await readLock(lock);
    if (record.kind === 'absent') return undefined;
    if (record.kind === 'not-a-file') throw lockErrors.notAFile(record.what);
    const { holder } = record;
    if (known && holder.id !== known.id) return undefined;
    const state = await stateOfHolder(record, attempt.own);
    if (state === 'ended') return holder;
    const isAlive = state === 'runs' || (known !== undefined && holder.beat !== known.beat);
    const mayBeUnfinished = record.kind === 'nameless' && record.isEmpty && reads <= EMPTY_READS;
    if (onLocked !== 'wait' && (isAlive || onLocked === 'fail') && !mayBeUnfinished) {
      throw record.kind === 'nameless' ? lockErrors.withoutHolder() : lockErrors.heldBy(holder, isAlive);
    }
    if (!known && !mayBeUnfinished) publishLockWait({ path, pid: holder.pid, host: holder.host });
    if (isAlive || !known) silentSince = clock.now();
    else if (clock.now() - silentSince >= SILENCE_MS) return holder;
    known = holder;
    await clock.sleep(mayBeUnfinished ? EMPTY_POLL_MS : POLL_MS, signal);
  }
}

function stateOfHolder(record: LockRecord & { readonly holder: Holder }, own: ProcessIdentity) {
  return record.kind === 'held' ? stateOf(record.holder as ProcessIdentity, own) : 'unknown';
}
