import type { ExitCode } from './cli-error.js';
import type { CliProcess } from './cli-process.js';

/**
 * Handles SIGINT, SIGTERM and SIGHUP. The first signal aborts waits and requests through `signal` and lets the current rows be
 * written. The second one exits at once.
 */
export class Interruption {
  readonly #controller = new AbortController();
  #requestedAt: number | undefined;
  #isDeferred = false;
  #exitCode: 129 | 130 | 143 = 130;
  readonly #cli: Pick<CliProcess, 'on' | 'off' | 'exit'>;
  readonly #onSignal = (name: NodeJS.Signals) => this.#request(name);

  constructor(cli: Pick<CliProcess, 'on' | 'off' | 'exit'>) {
    this.#cli = cli;
  }

  /** Aborts when the command should stop, but never while rows are being written. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isRequested(): boolean {
    return this.#requestedAt !== undefined;
  }

  /** The exit code of a command that a signal ended, as shells count it: 128 and the number of the signal. */
  get exitCode(): ExitCode {
    return this.#exitCode;
  }

  /** If an interruption was requested, aborts `signal` and throws its reason. */
  throwIfRequested(): void {
    if (!this.isRequested) return;
    this.#controller.abort();
    this.signal.throwIfAborted();
  }

  /** Starts listening for signals; the returned function stops. */
  listen(): () => void {
    for (const name of SIGNAL_NAMES) this.#cli.on(name, this.#onSignal);
    return () => {
      for (const name of SIGNAL_NAMES) this.#cli.off(name, this.#onSignal);
    };
  }

  /**
   * Waits for rows to be written and defers any abort. An abort during the write would end the run with rows written of
   * which the position knows nothing, or with half a line.
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

  #request(name: NodeJS.Signals): void {
    const now = performance.now();
    const { [name]: code = 130 }: Partial<Record<NodeJS.Signals, 129 | 130 | 143>> = EXIT_CODES;
    if (this.#requestedAt === undefined) {
      this.#requestedAt = now;
      this.#exitCode = code;
      if (!this.#isDeferred) this.#controller.abort();
    } else if (now - this.#requestedAt > DUPLICATE_MS) {
      this.#cli.exit(code);
    }
  }
}

const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
const SIGNAL_NAMES = Object.keys(EXIT_CODES) as NodeJS.Signals[];

// Under `npm start` one Ctrl-C arrives twice: from the terminal, and forwarded by npm.
const DUPLICATE_MS = 100;
