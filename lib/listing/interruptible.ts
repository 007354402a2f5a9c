import { onAbort } from '../abort.js';

/** Waits that can be left at any moment, whether or not the work waited for heeds that. */
export class Interruptible {
  readonly #signals: readonly AbortSignal[];
  #leave: ((reason: unknown) => void) | undefined;

  /** The signals whose abort ends every wait; no listener of theirs outlives the wait it was added for. */
  constructor(signals: readonly AbortSignal[]) {
    this.#signals = signals;
  }

  /** Settles as the work does; rejects when a signal aborts or `interrupt` is called before. */
  wait<R>(work: Promise<R>): Promise<R> {
    return new Promise((resolve, reject) => {
      let unlinks: (() => void)[] = [];
      const unwatch = () => {
        for (const unlink of unlinks) unlink();
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
      unlinks = this.#signals.map((signal) => onAbort(signal, leave));
      work.then(arrive, leave);
    });
  }

  interrupt(): void {
    this.#leave?.(undefined);
  }
}
