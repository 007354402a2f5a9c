import type { Cursor } from '../../core/cursor.js';
import type { Shortfall, SourceRun } from '../listing-source.js';
import type { HandedFailure } from '../operators/failure-handover.js';
import type { Stage } from '../operators/stage.js';
import type { PageSource } from '../pages/page-source.js';
import { chainOf, type Plan, startStages } from '../plan.js';
import { toCursor } from './position.js';

interface RunningStagesOptions extends SourceRun {
  readonly from: Cursor | undefined;
  /** Takes the failed items that operators tolerate. */
  readonly onFailure: ((failure: HandedFailure) => void) | undefined;
}

/** The stages of one traversal, and the totals of those that failed before them. */
export class RunningStages<T> {
  /** The last stage, from which the consumer takes values. */
  last: Stage<T>;
  #pages: PageSource<unknown>;
  readonly #plan: Plan;
  readonly #chain: readonly string[];
  readonly #options: RunningStagesOptions;
  /** What is checked when there are no more items. */
  #endChecks: (() => void)[] = [];
  #earlier = { pages: 0, itemsReceived: 0, restarts: 0 };

  constructor(plan: Plan, options: RunningStagesOptions) {
    this.#plan = plan;
    this.#chain = chainOf(plan);
    this.#options = options;
    const { pages, stage } = this.#start(options.from);
    this.#pages = pages;
    this.last = stage;
  }

  /** Pages received by the stages that run now. */
  get pages(): number {
    return this.#pages.pages;
  }

  get totals() {
    const { pages, itemsReceived, restarts } = this.#pages;
    return {
      pages: this.#earlier.pages + pages,
      itemsReceived: this.#earlier.itemsReceived + itemsReceived,
      restarts: this.#earlier.restarts + restarts,
    };
  }

  /** At the end: why there is more than was listed, if no operator has ended it. */
  get shortfall(): Shortfall | undefined {
    return this.#pages.shortfall;
  }

  /** Where to resume; `after`: once the current item is handled. */
  cursor(after: boolean): Cursor {
    return toCursor(this.last.position(after), { query: this.#plan.source.query, chain: this.#chain });
  }

  /** Throws ERR_TOO_MANY_FAILURES if more items failed than an operator tolerates. */
  assertAtEnd(): void {
    for (const check of this.#endChecks) check();
  }

  /** Replaces the stages that failed with new ones that start at a cursor. */
  restart(from: Cursor | undefined): void {
    this.close();
    this.#earlier = this.totals;
    const { pages, stage } = this.#start(from);
    this.#pages = pages;
    this.last = stage;
  }

  /** Ignores errors of closing an iterable: they are not why the traversal ended. */
  close(): void {
    try {
      this.last.close();
    } catch {}
  }

  #start(from: Cursor | undefined) {
    const own = from && withChain(from, this.#chain);
    this.#endChecks = [];
    const failures = {
      handOver: this.#options.onFailure,
      atEnd: (check: () => void) => void this.#endChecks.push(check),
    };
    const { pages, stage } = startStages(this.#plan, { ...this.#options, from: own, failures });
    return { pages, stage: stage as Stage<T> };
  }
}

/** A cursor as this listing would have made it. */
function withChain({ chain: _, ...cursor }: Cursor, chain: readonly string[]): Cursor {
  return chain.length > 0 ? { ...cursor, chain } : cursor;
}
