import { assertFunction } from '../../core/assert-function.js';
import { assertKnownOptions } from '../../core/assert-known-options.js';
import type { Cursor } from '../../core/cursor-shape.js';
import { invalidArgument, PageturnError } from '../../core/errors.js';
import type { FailedItem } from '../../core/failed-item.js';

/** How many items may fail in a `mapAsync`; with both `count` and `share`, whichever is exceeded first ends the run. */
export interface Tolerate<T> {
  /** The most items that may fail, in all runs of a job together; a whole number from 0, or Infinity. */
  readonly count?: number | undefined;
  /**
   * The largest part of the items that may fail, from 0 to 1. It is checked at the end. Before that, it counts as a
   * share of at least 1,000 items.
   */
  readonly share?: number | undefined;
  /**
   * Called with each failed item, in order, and awaited: then the item counts as handled. Required unless the listing is
   * drained with `failed`.
   */
  readonly onFailed?: ((failed: FailedItem<T>) => void | PromiseLike<void>) | undefined;
}

/** Throws ERR_INVALID_ARGUMENT unless these are options of {@link Tolerate}. */
export function assertTolerate(tolerate: Tolerate<never>): void {
  if (typeof tolerate !== 'object' || tolerate === null) {
    throw invalidArgument('tolerate', 'an object with count or share', tolerate);
  }
  assertKnownOptions('tolerate', tolerate, ['count', 'share', 'onFailed']);
  const { count, share, onFailed } = tolerate;
  if (count === undefined && share === undefined) {
    throw invalidArgument('tolerate', 'an object with count or share', tolerate);
  }
  if (
    count !== undefined &&
    count !== Number.POSITIVE_INFINITY &&
    !(Number.isSafeInteger(count) && count >= 0)
  ) {
    throw invalidArgument('tolerate.count', 'a whole number from 0, or Infinity', count);
  }
  if (share !== undefined && !(typeof share === 'number' && share >= 0 && share <= 1)) {
    throw invalidArgument('tolerate.share', 'a number from 0 to 1', share);
  }
  if (onFailed !== undefined) assertFunction('tolerate.onFailed', onFailed);
}

interface ToleranceOptions {
  readonly limits: Pick<Tolerate<never>, 'count' | 'share'>;
  /** The place of the operator in the chain, and its name. */
  readonly name: string;
  readonly from: Cursor | undefined;
}

/**
 * The failed items of one operator in all runs: how many there were, and whether that is too many. Both counts are part
 * of the cursor.
 */
export class Tolerance {
  readonly name: string;
  /** Items that failed and were handed over. */
  failed: number;
  /** Items taken in. */
  taken: number;
  readonly #limits: ToleranceOptions['limits'];
  #lastError: unknown;

  constructor({ limits, name, from }: ToleranceOptions) {
    this.name = name;
    this.#limits = limits;
    this.failed = from?.counts?.[failedCount(name)] ?? 0;
    this.taken = from?.counts?.[workedCount(name)] ?? 0;
  }

  /** Throws ERR_TOO_MANY_FAILURES if one more is too many; `worked`: the items up to it, itself included. */
  assertOneMore(error: unknown, worked: number): void {
    this.#lastError = error;
    this.#assert(this.failed + 1, worked, Math.max(worked, LEAST_FOR_SHARE));
  }

  /** Throws ERR_TOO_MANY_FAILURES if the share of all items is too large: there will be no more. */
  assertAtEnd(): void {
    this.#assert(this.failed, this.taken, this.taken);
  }

  /** What a cursor before an item has to know; `worked`: the items before it. */
  counts(worked: number): Record<string, number> {
    return { [workedCount(this.name)]: worked, [failedCount(this.name)]: this.failed };
  }

  #assert(failed: number, worked: number, base: number): void {
    const { count = Number.POSITIVE_INFINITY, share = 1 } = this.#limits;
    // A division is rounded as the share was when it was written; 0.29 * 100 is below 29.
    const bound = failed > count ? `count ${count}` : failed / base > share ? `share ${share}` : undefined;
    if (bound === undefined) return;
    const operator = this.name.replace(/^.*[.:]/, '');
    throw new PageturnError(
      'ERR_TOO_MANY_FAILURES',
      `${failed} of ${worked} items failed in ${operator}, more than tolerate allows (${bound}); fix the cause and resume, or allow more`,
      { cause: this.#lastError },
    );
  }
}

/** Fewer items say little about the share of all: 1 % of the first hundred would be a single one. */
const LEAST_FOR_SHARE = 1_000;

/** How many failed items of an operator lie before a cursor. */
export function failedBefore({ counts = {} }: Cursor, name: string): number {
  return counts[failedCount(name)] ?? 0;
}

/** How many failed items of all operators lie before a cursor. */
export function allFailedBefore({ counts = {} }: Cursor): number {
  const failed = Object.entries(counts).filter(([name]) => name.endsWith(failedCount('')));
  return failed.reduce((sum, [, count]) => sum + count, 0);
}

function failedCount(name: string): string {
  return `${name}.failed`;
}

function workedCount(name: string): string {
  return `${name}.worked`;
}
