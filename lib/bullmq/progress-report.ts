import type { DrainTotals } from '../core/destination.js';

/**
 * Reports totals, one at a time: those that come meanwhile are replaced by the next ones. So a slow report delays no write,
 * and there is never more than one per write.
 */
export class ProgressReport {
  readonly #send: (totals: DrainTotals) => Promise<void>;
  #next: DrainTotals | undefined;
  #sending: Promise<void> | undefined;

  constructor(send: (totals: DrainTotals) => Promise<void>) {
    this.#send = send;
  }

  add(totals: DrainTotals): void {
    this.#next = totals;
    this.#sending ??= this.#sendAll();
  }

  /** Resolves when the last ones are reported, or cannot be. */
  async end(): Promise<void> {
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (this.#next) {
      const totals = this.#next;
      this.#next = undefined;
      // The position is in the destination; this is for people to look at.
      await this.#send(totals).catch(() => {});
    }
    this.#sending = undefined;
  }
}
