import type { Cursor, Query } from './cursor-shape.js';

/** What a drain writes: the rows of this query after these operators. A destination keeps it apart from every other. */
export interface Job {
  readonly query: Query;
  /** The names of the operators, without `tap` and `prefetch`. */
  readonly chain: readonly string[];
}

/**
 * What a drain has done so far, in all its runs. `items` and `written` count what the target holds; the
 * others count all work, such as that of pages that were fetched again after a restart.
 */
export interface DrainTotals {
  /** When the first run began, in ISO 8601. */
  readonly startedAt: string;
  /** Pages received. */
  readonly pages: number;
  /** Items of the service before the position, whether or not an operator let them through. */
  readonly items: number;
  /** Rows written. */
  readonly written: number;
  /** Items that failed in a `mapAsync` that tolerates them. */
  readonly failed: number;
  /** Requests sent, including throttled ones. */
  readonly requests: number;
  /** Requests the service throttled. */
  readonly throttles: number;
  /** Time spent waiting for the quota, in milliseconds. */
  readonly waitedMs: number;
  /** How often the listing started over because the service rejected a page token. */
  readonly restarts: number;
  /** How often an unfinished run was resumed. */
  readonly resumed: number;
}

/** A position between two rows, as plain JSON: the rows before it are written, those after it are not. */
export interface DrainPosition {
  /** The token of the run that wrote it. A destination refuses a position whose token is lower than one it has given out. */
  readonly fence: number;
  readonly cursor: Cursor;
  readonly totals: DrainTotals;
  /** What the drain keeps about its failed items. A destination keeps it as it is. */
  readonly failures?: KeptFailures | undefined;
  /** Set if the write must survive a power cut once it resolves, because what another destination has depends on it. */
  readonly isDurable?: true;
}

/** The failed items of a drain whose rows and failed items go to two destinations. */
export interface KeptFailures {
  /** The destination of the failed items. */
  readonly target: string;
  /** Those that came with this position, as text. If the process dies here, they are not yet in their destination. */
  readonly last: readonly string[];
  /** Set before they are published; the rows are published after them. */
  readonly isPublishing?: true;
}

/** The right to run a job, given to one process at a time: the lock of a job in a queue, or a lease. */
export interface Lease {
  /**
   * Its fencing token: a whole number that is higher each time the lease changes hands. A destination that keeps leases
   * refuses a run whose token is lower than one it was opened with.
   */
  readonly token: number;
  /**
   * A name for the run, the same in all processes that try to complete it. If a killed process finished the run but did
   * not report it, the next process gets its receipt instead of repeating the run. Use a name only once.
   */
  readonly run?: string | undefined;
}

/** What `drainTo` passes to a destination when it opens it. */
export interface RunOptions {
  readonly signal: AbortSignal;
  /** The lease under which the run takes place. A destination that keeps no leases ignores it. */
  readonly lease?: Lease | undefined;
}

/** What `Destination.open` resolves to. */
export interface OpenedDestination {
  /** The fencing token of this run: higher than that of every run before it. */
  readonly fence: number;
  /**
   * Where the last run of the job stopped; undefined if there was none, or if it was finished by a run whose name is
   * not that of the lease.
   */
  readonly position?: DrainPosition | undefined;
}

/**
 * How a drain ended: `exhausted` if all items were listed, `limit` if a `take` was satisfied, `partial` if parts of the
 * listing failed.
 */
export interface DrainEnd {
  readonly reason: 'exhausted' | 'limit' | 'partial';
  readonly fence: number;
  readonly totals: DrainTotals;
}

/** What `finish` published, if it is known: a database has rows, not bytes. */
export interface Published {
  readonly bytes?: number;
  /** The SHA-256 digest of the bytes, in hexadecimal. */
  readonly sha256?: string;
  /** What an object store calls this content. */
  readonly etag?: string;
  /** The version of an object in a bucket that keeps versions. */
  readonly versionId?: string;
  /** Set if the target was written piece by piece, as a pipe is: a reader may have seen a part. */
  readonly writtenThrough?: true;
  /** How many rows were removed because the run did not see them; absent if it was not to remove any. */
  readonly removed?: number;
}

/**
 * Where `Listing.drainTo` writes rows and keeps its position. A run is `open`, any number of `write` and `startOver`,
 * `finish` if the drain came to its end, and `close`; one call at a time. Each call rejects with ERR_DESTINATION_FENCED
 * if another run has opened the destination since, or the destination lets only one run in.
 *
 * @example
 * const list: unknown[] = [];
 * let fence = 0;
 * let position: DrainPosition | undefined;
 * const destination: Destination<unknown> = {
 *   target: 'a list',
 *   promises: 'exactly-once',
 *   open: async () => ({ fence: ++fence, position }),
 *   write: async (rows, next) => {
 *     if (next.fence < fence) throw new PageturnError('ERR_DESTINATION_FENCED', 'another run has taken over');
 *     list.push(...rows); // in one step with the position
 *     position = next;
 *   },
 *   finish: async () => {
 *     position = undefined;
 *     return {};
 *   },
 *   close: async () => {},
 * };
 */
export interface Destination<T> {
  /** Its name in messages and receipts, such as the path of a file; without credentials. */
  readonly target: string;
  /** Whether each row is written exactly once, or may be written again and must then replace the first by its key. */
  readonly promises: 'exactly-once' | 'at-least-once-by-key';
  /** Opens the destination for a job, and answers where its last run left off. Not closed if this rejects. */
  open(job: Job, options: RunOptions): Promise<OpenedDestination>;
  /**
   * Keeps the rows and the position after them, both or neither, or the rows first if it promises at least once by key.
   * Once it resolves they survive the end of the process, and a power cut soon after. Without rows only the position is
   * kept.
   */
  write(rows: readonly T[], position: DrainPosition): Promise<void>;
  /**
   * Takes back the rows of the job (or leaves them, if rows that are written again replace them), and keeps the position
   * at the beginning: both or neither. A destination that cannot do this leaves the method out; then a rejected page
   * token ends the drain.
   */
  startOver?(position: DrainPosition): Promise<void>;
  /** Publishes the rows and forgets the position: the next run begins from the first item. */
  finish(end: DrainEnd): Promise<Published>;
  /** Ends the run; an unfinished one keeps its rows and its position. */
  close(): Promise<void>;
}
