import type { CheckpointStore } from '../core/checkpoint-store.js';
import { Cursor } from '../core/cursor.js';
import type { Listing } from '../listing/listing.js';
import { fileCheckpoint } from '../node/file-checkpoint.js';
import { CliError, usageError } from './cli-error.js';
import { formatCount } from './format.js';
import type { Output } from './open-output.js';
import type { UsersOptions } from './options.js';
import type { OutputFile } from './output-file.js';

/** What a checkpoint of the CLI remembers beside the position. */
export type Place = Cursor & {
  /** The filter the run was begun with. */
  readonly filter?: string;
  /** The file of `--out`, and how many of its bytes belong to acknowledged records. */
  readonly out?: string;
  readonly outputBytes?: number;
  /** The file holds everything there was. */
  readonly complete?: true;
};

interface ResumeStoreOptions {
  /** As the user named it. */
  readonly name: string;
  readonly filter: string | undefined;
  /** How many users are wanted in all runs together. */
  readonly maxItems?: number | undefined;
  /** Where the records go; a file is kept in step with the position. */
  readonly output: Pick<Output, 'file' | 'sync'>;
  /** The cursor of a listing nobody has begun with. */
  readonly start: Cursor;
}

/** A checkpoint store that never says more than what has left the process, or stands in the output file for good. */
export interface ResumeStore extends CheckpointStore {
  /** Whether an earlier run was gone on with. */
  readonly wasResumed: boolean;
  /** Why the last save did not happen, where it did not. */
  readonly failure: unknown;
}

/** The store of `--resume`, where it was asked for. */
export function openResumeStore(
  { resume, filter, maxItems }: UsersOptions,
  output: Output,
  listing: Listing<unknown>,
): ResumeStore | undefined {
  if (resume === undefined) return undefined;
  const start = listing.open().cursor;
  return resumeStore(fileCheckpoint<Place>(resume), { name: resume, filter, maxItems, output, start });
}

/**
 * Ties a checkpoint to the output. Output first, position second, in one write with the length of the file: whenever
 * the process is killed, the first `outputBytes` of the file are the records before the position, and the rest is cut
 * off when the next run loads the checkpoint (under its lock). A finished file keeps a checkpoint that says so, for a
 * run that is started again must not take it for somebody else's.
 */
export function resumeStore(
  inner: Required<CheckpointStore<Place>>,
  { name, filter, maxItems = Number.POSITIVE_INFINITY, output, start }: ResumeStoreOptions,
): ResumeStore {
  const { file } = output;
  const settings = { ...(filter === undefined ? {} : { filter }), ...(file ? { out: file.path } : {}) };
  let wasResumed = false;
  let failure: unknown;

  const save = async (key: string, cursor: Cursor, more: { complete?: true } = {}) => {
    try {
      await output.sync();
      await inner.save(key, {
        ...cursor,
        ...settings,
        ...(file ? { outputBytes: file.bytes } : {}),
        ...more,
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
    lock: (key) => inner.lock(key),
    async load(key) {
      await file?.measure();
      const place = await inner.load(key);
      const isOver = place?.complete && file?.bytes === 0;
      try {
        if (place) assertSameRun(place, { ...settings, query: start.query }, name);
        if (place && !isOver && file) await cutBack(file, place, name);
        if (place) assertWanted(place, maxItems, name);
      } catch (error) {
        await file?.removeIfNew();
        throw error;
      }
      if (place && !isOver) {
        wasResumed = place.token !== undefined || place.offset > 0;
        return place;
      }
      if (file) {
        assertEmpty(file, name);
        // From here on the file is this checkpoint's, whatever happens before the first page is done.
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

function assertSameRun(place: Place, run: Pick<Place, 'query' | 'filter' | 'out'>, name: string): void {
  const how = differenceOf(place, run);
  if (how === undefined) return;
  throw usageError(`${name} belongs to a run ${how}: go on in the same way, or remove ${name} to begin anew`);
}

/** What was asked for otherwise in the run of a place. The instance is known by its digest, and cannot be named. */
function differenceOf(place: Place, run: Pick<Place, 'query' | 'filter' | 'out'>): string | undefined {
  if (place.query.input['InstanceId'] !== run.query.input['InstanceId']) return 'with another --instance-id';
  for (const option of ['filter', 'out'] as const) {
    const before = place[option];
    if (before === run[option]) continue;
    return before === undefined ? `without --${option}` : `with --${option} ${before}`;
  }
  return undefined;
}

async function cutBack(file: OutputFile, { outputBytes = 0, complete }: Place, name: string): Promise<void> {
  if (file.isNew && outputBytes > 0) {
    throw new CliError(
      `${file.path} is missing, and ${name} knows of ${outputBytes} bytes in it: put it back, or remove ${name} to begin anew`,
    );
  }
  if (file.bytes < outputBytes) {
    throw new CliError(
      `${file.path} has ${file.bytes} bytes where ${name} knows of ${outputBytes}: put it back, or remove both to begin anew`,
    );
  }
  if (!complete) return file.truncate(outputBytes);
  if (file.bytes > outputBytes) {
    throw new CliError(`${file.path} was complete and has grown since: move it away to list the users anew`);
  }
  throw new CliError(`${file.path} is complete already: move it away to list the users anew`, 0);
}

/** A `take` that is satisfied would begin its next lot; --max-items counts the users of all runs. */
function assertWanted(place: Place, maxItems: number, name: string): void {
  const taken = Cursor.countOf(place, 'take');
  if (taken < maxItems) return;
  throw new CliError(
    `${formatCount(taken, 'user')} are done by ${name}, as many as --max-items: a higher one goes on from there`,
    0,
  );
}

function assertEmpty(file: OutputFile, name: string): void {
  if (file.bytes === 0) return;
  throw usageError(
    `${file.path} is not empty, and ${name} does not say what is in it: move it away, or name another file`,
  );
}
