import type { Cursor } from './cursor.js';

/**
 * Keeps the position of `Listing.resume` between runs, under a key that the caller chooses. Three methods make a store;
 * a table, a bucket or a cache will do.
 *
 * A store keeps a cursor as it is, including fields that pageturn does not know. Anything that must agree with the
 * position, such as the length of the output file, travels inside the cursor and is replaced in the same write:
 *
 * @example
 * type Place = Cursor & { readonly outputBytes: number };
 * const store: CheckpointStore<Place> = fileCheckpoint('users.checkpoint.json');
 * await store.save('users', { ...walk.cursor, outputBytes: 81_920 });
 */
export interface CheckpointStore<C extends Cursor = Cursor> {
  /** The cursor saved last, or undefined if there is none. One that cannot be read is an error, never undefined. */
  load(key: string): Promise<C | undefined>;
  /** Replaces the cursor as a whole: if it fails, the previous cursor is still there. Durable once it resolves. */
  save(key: string, cursor: C): Promise<void>;
  /** Deletes the cursor, if there is one. */
  clear(key: string): Promise<void>;
  /**
   * Locks the key until the returned function is called; without this method, nothing stops two runs from using the same
   * key. Called before `load`, and released after the last `save` or `clear`. Throws ERR_CHECKPOINT_LOCKED, which names
   * the holder. A store that waits for the holder stops waiting when the signal aborts. A `save` or `clear` whose lock was
   * lost to another process meanwhile throws ERR_CHECKPOINT_LOCKED and writes nothing.
   */
  lock?(key: string, options?: LockKeyOptions): Promise<() => Promise<void>>;
}

/** Options of `CheckpointStore.lock`. */
export interface LockKeyOptions {
  /** Aborts when the lock is no longer wanted. */
  readonly signal?: AbortSignal | undefined;
}
