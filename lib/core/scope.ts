import { onAbort } from './abort.js';

/** What a wait rejects with when the consumer has left; the consumer itself is told "done". */
export const LEFT = Symbol('left');

/**
 * The cancellation of one traversal. It is linked to the caller's signals once and passed to everything that works for
 * the traversal: each call gets a signal of its own from it, and whoever keeps state is told of a pause.
 */
export class Scope {
  /** Whether nothing more is wanted, for a signal has aborted or the consumer has left. */
  isOver = false;
  /** The reason of the signal that aborted. */
  aborted: { readonly reason: unknown } | undefined;
  /** How often everything under way was aborted; work that began before the last time is not wanted any more. */
  pauses = 0;
  readonly #signals: readonly AbortSignal[];
  readonly #calls = new Set<AbortController>();
  #pauseListeners: (() => void)[] = [];
  #unlinks: (() => void)[] | undefined;
  #lastReason: unknown;
  #rejectWait: ((reason: unknown) => void) | undefined;

  constructor(signals: readonly AbortSignal[] = []) {
    this.#signals = signals;
  }

  /** Follows the caller's signals until {@link unlink}. */
  link(): void {
    this.#unlinks ??= this.#signals.map((signal) => onAbort(signal, (reason) => this.#abort(reason)));
  }

  /** Leaves no listener on the caller's signals. */
  unlink(): void {
    for (const unlink of this.#unlinks?.splice(0) ?? []) unlink();
    this.#unlinks = undefined;
  }

  /** A controller for one call that began after so many pauses; {@link release} it when the call is over. */
  fork(pauses: number): AbortController {
    const controller = new AbortController();
    if (this.pauses === pauses) this.#calls.add(controller);
    else controller.abort(this.#lastReason);
    return controller;
  }

  release(controller: AbortController): void {
    this.#calls.delete(controller);
  }

  /** Calls `listener` at every pause, after the calls under way were aborted. */
  onPause(listener: () => void): void {
    this.#pauseListeners.push(listener);
  }

  /** Aborts every call under way; calls made from now on are not affected. */
  pause(reason: unknown): void {
    this.pauses++;
    this.#lastReason = reason;
    const calls = [...this.#calls];
    this.#calls.clear();
    for (const call of calls) call.abort(reason);
    for (const listener of this.#pauseListeners) listener();
  }

  /** Forgets who listens, for others take their place. */
  reset(): void {
    this.#pauseListeners = [];
  }

  /** Settles as `work` does, or rejects as soon as the scope is over, whether or not the work heeds its signal. */
  wait<R>(work: () => Promise<R>): Promise<R> {
    if (this.isOver) return Promise.reject(this.#reason);
    return new Promise((resolve, reject) => {
      this.#rejectWait = reject;
      work().then(resolve, reject);
    });
  }

  /** Throws the reason, or LEFT, if nothing more is wanted. */
  throwIfOver(): void {
    if (this.isOver) throw this.#reason;
  }

  /** The consumer has left: ends the wait under way and every later one. */
  leave(): void {
    if (!this.isOver) this.#end(LEFT);
  }

  get #reason(): unknown {
    return this.aborted ? this.aborted.reason : LEFT;
  }

  #abort(reason: unknown): void {
    if (this.isOver) return;
    this.aborted = { reason };
    this.#end(reason);
  }

  #end(reason: unknown): void {
    this.isOver = true;
    this.#rejectWait?.(reason);
    this.pause(reason);
  }
}
