import type { Cursor } from '../../core/cursor.js';
import type { DrainPosition } from '../../core/destination.js';
import { newTotals } from '../../listing/drain/drain-totals.js';
import { fileCheckpoint } from '../../node/file-checkpoint.js';
import type { JobSettings } from '../drain/job-settings.js';
import type { RedirectedFile, RedirectedPosition } from './redirected-file.js';
import type { PositionStore } from './stream-destination.js';

/** What a checkpoint holds besides the cursor: all that the next run needs to know about this one. */
type RedirectedCheckpoint = Cursor & {
  readonly redirected?: RedirectedPosition;
  readonly drain?: Omit<DrainPosition, 'cursor'> & { readonly settings?: JobSettings };
};

/** The position in a standard output that is redirected to a file, kept in its own file. */
export function redirectedPositions(name: string, redirected: RedirectedFile): PositionStore {
  const store = fileCheckpoint<RedirectedCheckpoint>(name, { onLocked: 'watch' });
  let unlock: (() => Promise<void>) | undefined;
  return {
    async open(signal) {
      unlock = await store.lock(KEY, { signal });
      try {
        const checkpoint = await store.load(KEY);
        if (!checkpoint) return { fence: 1 };
        const { redirected: before, drain = {}, ...cursor } = checkpoint;
        if (before) redirected.assertContinues(before);
        const position = { ...NO_TOTALS, ...drain, cursor };
        return { fence: position.fence + 1, position };
      } catch (error) {
        await unlock();
        throw error;
      }
    },
    async save({ cursor, ...drain }) {
      await store.save(KEY, { ...cursor, redirected: redirected.position, drain });
    },
    clear: () => store.clear(KEY),
    close: async () => unlock?.(),
  };
}

const KEY = 'users';

/** For a checkpoint of a version that counted nothing. */
const NO_TOTALS = { fence: 0, totals: newTotals(new Date(0).toISOString()) };
