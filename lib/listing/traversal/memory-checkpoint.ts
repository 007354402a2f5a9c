import { checkedStore } from '../../core/checked-store.js';
import type { CheckpointStore } from '../../core/checkpoint-store.js';
import { Cursor } from '../../core/cursor.js';
import { PageturnError } from '../../core/errors.js';
import { quoted } from '../../core/quoted.js';

/**
 * A {@link CheckpointStore} that lasts as long as the process: for tests, and for continuing after a failure in the
 * same process. Cursors are copied in and out.
 *
 * @example
 * const store = memoryCheckpoint();
 * for await (const user of users.resume(store, { key: 'users' })) await handle(user);
 */
export function memoryCheckpoint<C extends Cursor = Cursor>(): Required<CheckpointStore<C>> {
  const cursors = new Map<string, C>();
  const locked = new Set<string>();
  return checkedStore({
    async load(key) {
      return structuredClone(cursors.get(key));
    },
    async save(key, cursor) {
      // A cursor that could not be loaded again is not saved.
      cursors.set(key, structuredClone(Cursor.parse(cursor) as C));
    },
    async clear(key) {
      cursors.delete(key);
    },
    async lock(key) {
      if (locked.has(key)) {
        throw new PageturnError(
          'ERR_CHECKPOINT_LOCKED',
          `the checkpoint ${quoted(key)} is in use by another traversal of this process`,
        );
      }
      locked.add(key);
      let held = true;
      return async () => {
        if (held) locked.delete(key);
        held = false;
      };
    },
  });
}
