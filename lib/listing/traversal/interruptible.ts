import { onAbort } from '../../core/abort.js';

/** What is thrown at whoever works for a traversal that was left; the consumer is told "done", or the reason of an abort. */
export const LEFT = Symbol('left');

/** Waits that can be left at any moment, and for good, whether or not the work waited for heeds that. */
export class Interruptible {
  readonly #signals: readonly AbortSignal[];
  #leave: ((reason: unknown) => void) | undefined;
  #isLeft = false;

  /** The signals whose abort ends every wait; no listener of theirs outlives the wait it was added for. */
  constructor(signals: readonly AbortSignal[]) {
    this.#signals = signals;
  }

  /** Begins the work and settles as it does; rejects when a signal aborts or `interrupt` is called before, be it by the work. */
  wait<R>(begin: () => Promise<R>): Promise<R> {
    if (this.#isLeft) return Promise.reject(LEFT);
    return new Promise((resolve, reject) => {
      if (this.#signals.length === 0) {
        this.#leave = reject;
        begin().then(resolve, reject);
        return;
      }
      let isOver = false;
      const unlinks: (() => void)[] = [];
      const unwatch = () => {
        isOver = true;
        for (const unlink of unlinks.splice(0)) unlink();
      };
      const leave = (reason: unknown) => {
        unwatch();
        reject(reason);
      };
      const arrive = (value: R) => {
        unwatch();
        resolve(value);
      };
      this.#leave = leave;
      for (const signal of this.#signals) if (!isOver) unlinks.push(onAbort(signal, leave));
      if (isOver) unwatch();
      else begin().then(arrive, leave);
    });
  }

  /** Ends the wait under way, and every one to come. */
  interrupt(): void {
    this.#isLeft = true;
    this.#leave?.(LEFT);
  }
}
