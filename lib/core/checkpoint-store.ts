import type { Cursor } from './cursor.js';

/**
 * Where `Listing.resume` keeps its position between two runs, under a key of the caller's choice. Three methods make a
 * store: a table, a bucket, a cache will do.
 *
 * A store keeps a cursor as it is given, fields pageturn does not know included. What must agree with the position,
 * such as the length of the file the items went to, travels inside it and is replaced in the same write:
 *
 * @example
 * type Place = Cursor & { readonly outputBytes: number };
 * const store: CheckpointStore<Place> = fileCheckpoint('users.checkpoint.json');
 * await store.save('users', { ...walk.cursor, outputBytes: 81_920 });
 */
export interface CheckpointStore<C extends Cursor = Cursor> {
  /** The cursor saved last, or undefined where there is none. What cannot be read is an error, never undefined. */
  load(key: string): Promise<C | undefined>;
  /** Replaces the cursor as a whole: after a failure the one before is still there. Durable once it resolves. */
  save(key: string, cursor: C): Promise<void>;
  /** Forgets the cursor; nothing happens where there is none. */
  clear(key: string): Promise<void>;
  /**
   * Keeps others off the key until the returned function is called; a store without it is not guarded. Taken before
   * `load`, let go of after the last `save` or `clear`. Throws ERR_CHECKPOINT_LOCKED, which names the holder.
   */
  lock?(key: string): Promise<() => Promise<void>>;
}
