/**
 * Handles SIGINT and SIGTERM. The first signal aborts waits and requests through `signal` and lets the current record be
 * written. The second one exits at once.
 */
export class Interruption {
  readonly #controller = new AbortController();
  #requestedAt: number | undefined;
  #isDeferred = false;
  readonly #onSignal = () => this.#request();

  /** Aborts when the command should stop, but never while a record is being written. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isRequested(): boolean {
    return this.#requestedAt !== undefined;
  }

  /** If an interruption was requested, aborts `signal` and throws its reason. */
  throwIfRequested(): void {
    if (!this.isRequested) return;
    this.#controller.abort();
    this.signal.throwIfAborted();
  }

  /** Starts listening for signals; the returned function stops. */
  listen(): () => void {
    for (const name of SIGNALS) process.on(name, this.#onSignal);
    return () => {
      for (const name of SIGNALS) process.off(name, this.#onSignal);
    };
  }

  /**
   * Waits for a record to be written and defers any abort. An abort during the write would end the traversal with the
   * record written but not acknowledged; so the abort waits until the next record is requested, which acknowledges this
   * one.
   */
  async deferUntil(written: Promise<void>): Promise<void> {
    this.#isDeferred = true;
    try {
      await written;
    } finally {
      this.#isDeferred = false;
      if (this.isRequested) setImmediate(() => this.#controller.abort());
    }
  }

  #request(): void {
    const now = performance.now();
    if (this.#requestedAt === undefined) {
      this.#requestedAt = now;
      if (!this.#isDeferred) this.#controller.abort();
    } else if (now - this.#requestedAt > DUPLICATE_MS) {
      process.exit(130);
    }
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

// Under `npm start` one Ctrl-C arrives twice: from the terminal, and forwarded by npm.
const DUPLICATE_MS = 100;
