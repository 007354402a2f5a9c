import type { CheckpointStore } from '../core/checkpoint-store.js';
import type { Cursor } from '../core/cursor.js';
import type { Listing } from '../listing/listing.js';
import { fileCheckpoint } from '../node/file-checkpoint.js';
import {
  assertBelowLimit,
  assertSameRun,
  type CliCheckpoint,
  truncateToCheckpoint,
} from './cli-checkpoint.js';
import { usageError } from './cli-error.js';
import type { UsersOptions } from './options.js';
import type { Output } from './output/open-output.js';
import type { OutputFile } from './output/output-file.js';

interface ResumeStoreOptions {
  /** The checkpoint file as the user named it. */
  readonly name: string;
  readonly filter: string | undefined;
  /** The limit for all runs together. */
  readonly maxItems?: number | undefined;
  /** Where the records go; a file is kept in step with the position. */
  readonly output: Pick<Output, 'file' | 'redirected' | 'sync' | 'assertResumable'>;
  /** The cursor at the beginning of the listing. */
  readonly start: Cursor;
}

/** A checkpoint store whose position is never ahead of the output. */
export interface ResumeStore extends Required<CheckpointStore> {
  /** Whether this run continued an earlier one. */
  readonly wasResumed: boolean;
  /** The error of the last save, if it failed. */
  readonly failure: unknown;
}

/** The store behind `--resume`; undefined without that option. */
export function openResumeStore(
  { resume, filter, maxItems }: UsersOptions,
  output: Output,
  listing: Listing<unknown>,
): ResumeStore | undefined {
  if (resume === undefined) return undefined;
  const start = listing.open().cursor;
  return resumeStore(fileCheckpoint<CliCheckpoint>(resume, { onLocked: 'watch' }), {
    name: resume,
    filter,
    maxItems,
    output,
    start,
  });
}

/**
 * Ties a checkpoint to the output. The output is synced first; then the position and the file's length are saved in one
 * write, with a digest of its end. Whenever the process is killed, the first `outputBytes` of the file are exactly the
 * records before the saved position. The next run cuts off the rest when it loads the checkpoint, under its lock. A finished file keeps its
 * checkpoint, marked complete, so that a later run recognises the file as its own.
 */
export function resumeStore(
  inner: Required<CheckpointStore<CliCheckpoint>>,
  { name, filter, maxItems = Number.POSITIVE_INFINITY, output, start }: ResumeStoreOptions,
): ResumeStore {
  const { file, redirected } = output;
  const settings = { ...(filter === undefined ? {} : { filter }), ...(file ? { out: file.path } : {}) };
  let wasResumed = false;
  let failure: unknown;

  const save = async (key: string, cursor: Cursor, extra: { complete?: true } = {}) => {
    try {
      await output.sync();
      await inner.save(key, {
        ...cursor,
        ...settings,
        ...(file ? { outputBytes: file.position.bytes, outputTail: file.position.tail } : {}),
        ...(redirected ? { redirected: redirected.position } : {}),
        ...extra,
      });
      failure = undefined;
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  return {
    get wasResumed() {
      return wasResumed;
    },
    get failure() {
      return failure;
    },
    async lock(key, options) {
      const unlock = await inner.lock(key, options);
      try {
        output.assertResumable?.();
        await file?.lock({ onLocked: 'watch', signal: options?.signal });
      } catch (error) {
        await unlock();
        throw error;
      }
      return unlock;
    },
    async load(key) {
      await file?.measure();
      const checkpoint = await inner.load(key);
      // The finished file was moved away: start a new one.
      const startsOver = checkpoint?.complete && file?.bytes === 0;
      try {
        if (checkpoint) assertSameRun(checkpoint, { ...settings, query: start.query }, name);
        if (checkpoint?.redirected) redirected?.assertContinues(checkpoint.redirected);
        if (checkpoint && !startsOver && file) await truncateToCheckpoint(file, checkpoint, name);
        if (checkpoint) assertBelowLimit(checkpoint, maxItems, name);
      } catch (error) {
        await file?.removeIfNew();
        throw error;
      }
      if (checkpoint && !startsOver) {
        wasResumed = checkpoint.token !== undefined || checkpoint.offset > 0;
        return checkpoint;
      }
      if (file) {
        assertEmpty(file, name);
        // From now on the file belongs to this checkpoint, even if the run dies before the first page.
        await save(key, start);
      }
      return undefined;
    },
    save: (key, cursor) => save(key, cursor),
    async clear(key) {
      if (file) return save(key, start, { complete: true });
      await output.sync();
      await inner.clear(key);
    },
  };
}

function assertEmpty(file: OutputFile, name: string): void {
  if (file.bytes === 0) return;
  throw usageError(
    `${file.path} is not empty, and ${name} has no record of its contents: move it away, or name another file`,
  );
}
