import { onAbort, raceAbort } from '../../core/abort.js';
import type { Clock } from '../../core/clock.js';
import type { Cursor } from '../../core/cursor.js';
import type { Destination, Job, Lease, OpenedDestination } from '../../core/destination.js';
import { DestinationFailed } from '../../core/destination-failed.js';
import { invalidArgument, isPageturnError, PageturnError } from '../../core/errors.js';
import { type LateSignal, lateSignal } from '../traversal/late-signal.js';

interface DestinationCallsOptions {
  readonly target: string;
  readonly signals: readonly AbortSignal[];
  readonly clock: Clock;
}

/** The calls of one destination: their errors say what failed, and an abort takes effect even if one of them hangs. */
export class DestinationCalls {
  /** After the rows that were written last: where the errors say to resume. */
  cursor: Cursor | undefined;
  readonly #target: string;
  readonly #abort = new AbortController();
  /** Aborts when the grace of the abort is over. */
  readonly #late: LateSignal;
  readonly #unlinks: readonly (() => void)[];
  #last: Promise<unknown> = Promise.resolve();

  constructor({ target, signals, clock }: DestinationCallsOptions) {
    this.#target = target;
    this.#late = lateSignal(this.signal, clock);
    this.#unlinks = signals.map((signal) => onAbort(signal, (reason) => this.#abort.abort(reason)));
  }

  /** Aborts with the first of the caller's signals. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Rejects with the reason of an abort, or with an error that says what could not be done. */
  async call<R>(what: string, work: () => Promise<R>): Promise<R> {
    const call = (async () => work())();
    this.#last = call;
    try {
      return await raceAbort(call, this.#late.signal);
    } catch (cause) {
      this.signal.throwIfAborted();
      throw this.#failed(what, cause);
    }
  }

  /** Opens the destination, which may be the caller's own: ERR_INVALID_ARGUMENT if it resolves to no fencing token. */
  async open(
    destination: Pick<Destination<never>, 'open'>,
    job: Job,
    lease: Lease | undefined,
  ): Promise<OpenedDestination> {
    const { signal } = this;
    const opened = await this.call('open', () => destination.open(job, { signal, lease }));
    const { fence, position }: Partial<OpenedDestination> = opened ?? {};
    if (typeof fence !== 'number') {
      throw invalidArgument('the fence to which open of the destination resolves', 'a number', fence);
    }
    return { fence, position };
  }

  /** Makes a last call, after the one before it: also if that one, or this, takes longer than an abort waits. */
  close(work: () => Promise<void>): Promise<void> {
    const last = this.#last.catch(() => {});
    return this.call('close', () => last.then(work));
  }

  /** Undoes an opening that outlasted the abort, should it still succeed. */
  undoOpening(work: () => Promise<void>): void {
    this.#last.then(work).catch(() => {});
  }

  /** Removes the listeners and the timer. */
  end(): void {
    for (const unlink of this.#unlinks) unlink();
    this.#late.end();
  }

  #failed(what: string, cause: unknown): PageturnError {
    const { cursor } = this;
    if (isPageturnError(cause)) {
      const { code, message, attempts } = cause;
      return new PageturnError(code, message, { cause: cause.cause, attempts, cursor });
    }
    return new DestinationFailed(`${what} ${this.#target}`, { cause, cursor });
  }
}
