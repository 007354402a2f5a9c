/**
 * SIGINT and SIGTERM, asked for politely: the first one ends waits and requests through `signal` and lets the record in
 * hand be written; the second one ends the process at once.
 */
export class Interruption {
  readonly #controller = new AbortController();
  #requestedAt: number | undefined;
  #isHeld = false;
  readonly #onSignal = () => this.#request();

  /** Aborts when the command is to end, though never while a record is being written. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isRequested(): boolean {
    return this.#requestedAt !== undefined;
  }

  /** Throws the reason of `signal`, which then aborts at the latest. */
  throwIfRequested(): void {
    if (!this.isRequested) return;
    this.#controller.abort();
    this.signal.throwIfAborted();
  }

  /** Listens from now on, until the returned function is called. */
  listen(): () => void {
    for (const name of SIGNALS) process.on(name, this.#onSignal);
    return () => {
      for (const name of SIGNALS) process.off(name, this.#onSignal);
    };
  }

  /**
   * Waits for a record to be written. An abort in the meantime would end the traversal with the record written and not
   * acknowledged, so it is put off until the next record was asked for, which acknowledges this one.
   */
  async hold(written: Promise<void>): Promise<void> {
    this.#isHeld = true;
    try {
      await written;
    } finally {
      this.#isHeld = false;
      if (this.isRequested) setImmediate(() => this.#controller.abort());
    }
  }

  #request(): void {
    const now = performance.now();
    if (this.#requestedAt === undefined) {
      this.#requestedAt = now;
      if (!this.#isHeld) this.#controller.abort();
    } else if (now - this.#requestedAt > ECHO_MS) {
      process.exit(130);
    }
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

// Under `npm start` a Ctrl-C comes twice: from the terminal, and handed on by npm.
const ECHO_MS = 100;
