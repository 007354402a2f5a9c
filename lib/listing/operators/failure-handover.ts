import { callbackError } from '../../core/callback-error.js';
import { type FailedItem, failedItem } from '../../core/failed-item.js';
import { isFatalError } from '../../core/is-fatal-error.js';
import type { Tolerance, Tolerate } from './tolerance.js';

/** A failed item of an operator, and which one it is: the operator's first, second, ... in all runs. */
export interface HandedFailure {
  readonly operator: string;
  readonly nth: number;
  readonly failed: FailedItem<unknown>;
}

/** A failure that waits until everything before its item is done. */
export interface HeldFailure<S> {
  readonly error: unknown;
  readonly failed: FailedItem<S>;
}

interface FailureHandoverOptions<S> {
  readonly tolerance: Tolerance;
  readonly onFailed: Tolerate<S>['onFailed'];
  /** Whether an error is about its item, and not about all of them. */
  readonly isTolerable: (error: unknown) => boolean;
  /** Where a drain takes them from. */
  readonly drain: ((failure: HandedFailure) => void) | undefined;
}

/** Hands over the failed items of one operator, to `onFailed` and to a drain. */
export class FailureHandover<S> {
  readonly tolerance: Tolerance;
  readonly #options: FailureHandoverOptions<S>;

  constructor(options: FailureHandoverOptions<S>) {
    this.tolerance = options.tolerance;
    this.#options = options;
  }

  /** Undefined for an error that is not tolerated, or that cannot be read. */
  hold(item: S, error: unknown): HeldFailure<S> | undefined {
    try {
      if (isFatalError(error) || !this.#options.isTolerable(error)) return undefined;
      return { error, failed: failedItem(item, error) };
    } catch {
      return undefined;
    }
  }

  /**
   * Calls `onFailed`; returns what it returned, if that is a promise. Throws ERR_TOO_MANY_FAILURES if this failure is one
   * too many.
   */
  handOver({ error, failed }: HeldFailure<S>, before: number): PromiseLike<void> | undefined {
    this.tolerance.assertOneMore(error, before + 1);
    try {
      return this.#options.onFailed?.(failed) ?? undefined;
    } catch (thrown) {
      throw callbackError(thrown, 'onFailed');
    }
  }

  /** The item is handled: a drain may write it, and the cursor counts it. */
  acknowledge({ failed }: HeldFailure<S>): void {
    const { tolerance } = this;
    this.#options.drain?.({ operator: tolerance.name, nth: tolerance.failed + 1, failed });
    tolerance.failed++;
  }
}
