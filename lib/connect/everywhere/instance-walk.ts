import { assertResumable, Cursor } from '../../core/cursor.js';
import { invalidArgument, PageturnError } from '../../core/errors.js';
import { Listing } from '../../listing/listing.js';
import { BatchStage } from '../../listing/operators/batch-stage.js';
import { chainOf, ofJob, type Plan, tolerates, withStage } from '../../listing/plan.js';
import { Traversal } from '../../listing/traversal/traversal.js';

/** Rows of an instance with the cursor after them, or how its listing ended. */
export type Walked<T> =
  | { readonly rows: readonly T[]; readonly cursor: Cursor }
  | { readonly end: 'exhausted' | 'limit' };

/** The listing of one instance, as part of a listing of many. */
export class InstanceWalk<T> {
  readonly #plan: Plan;
  readonly #chain: readonly string[];
  #walk: Traversal<T[]> | undefined;

  constructor(listing: unknown) {
    const plan = typeof listing === 'object' && listing !== null ? Listing.planOf(listing) : undefined;
    if (!plan) throw invalidArgument('what list returns', 'a listing of pageturn, or undefined', listing);
    if (tolerates(plan, { withoutCallback: true })) {
      throw new PageturnError(
        'ERR_INVALID_ARGUMENT',
        'a mapAsync inside everywhere needs onFailed in its tolerate; pass it, or call mapAsync after everywhere',
      );
    }
    this.#chain = chainOf(plan);
    // A listing that started over would repeat its rows silently: only all of them can start over together.
    this.#plan = ofJob({ ...plan, source: { ...plan.source, onTokenRejected: 'fail' } });
  }

  /** The cursor at the first item. */
  get start(): Cursor {
    return new Traversal(this.#plan).cursor;
  }

  get stats(): Traversal<T[]>['stats'] | undefined {
    return this.#walk?.stats;
  }

  /** Throws ERR_CURSOR_MISMATCH unless the cursor is one of this listing. */
  assertFits(cursor: Cursor): void {
    Cursor.parse(cursor, this.#plan.source.query);
    assertResumable(cursor, { chain: this.#chain, isSameJob: true });
  }

  /** The rows that have arrived, none if only the position has moved. Waits for at least one page. */
  async next(from: Cursor, signal: AbortSignal): Promise<Walked<T>> {
    this.#walk ??= this.#open(from, signal);
    const walk = this.#walk;
    const { value: rows, done } = await walk.next();
    if (!done) return { rows, cursor: walk.cursorAfter };
    const { reason, error } = walk.end ?? {};
    if (reason === 'partial') throw error;
    return { end: reason === 'limit' ? 'limit' : 'exhausted' };
  }

  close(): void {
    this.#walk?.return().catch(() => {});
  }

  #open(from: Cursor, signal: AbortSignal): Traversal<T[]> {
    const { signal: own } = this.#plan.source;
    const atHand = withStage(this.#plan, {
      kind: 'async',
      name: undefined,
      start: (upstream, context) =>
        new BatchStage<T>(upstream, { size: MOST_ROWS, maxWaitMs: 0, deliversPositions: true, ...context }),
    });
    return new Traversal<T[]>(atHand, { from, signals: own ? [signal, own] : [signal] });
  }
}

/** The largest page of Amazon Connect. */
const MOST_ROWS = 1_000;
