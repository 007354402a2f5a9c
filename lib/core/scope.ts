import { onAbort } from './abort.js';

/** What a wait rejects with when the consumer has left; the consumer itself gets `done: true`. */
export const LEFT = Symbol('left');

/**
 * The cancellation of one traversal. It listens to the caller's signals once and is passed to everything that works for
 * the traversal: each call gets its own signal from it, and stages that keep state listen for pauses.
 */
export class Scope {
  /** Whether the traversal is over, because a signal has aborted or the consumer has left. */
  isOver = false;
  /** The reason of the signal that aborted. */
  aborted: { readonly reason: unknown } | undefined;
  /** Whether a callback of the caller is running, up to its first wait: the traversal cannot be read from within. */
  isCalling = false;
  /** How often everything in progress was aborted. Work that started before the last pause is no longer wanted. */
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

  /** Listens to the caller's signals until {@link unlink}. */
  link(): void {
    this.#unlinks ??= this.#signals.map((signal) => onAbort(signal, (reason) => this.#abort(reason)));
  }

  /** Removes the listeners from the caller's signals. */
  unlink(): void {
    for (const unlink of this.#unlinks?.splice(0) ?? []) unlink();
    this.#unlinks = undefined;
  }

  /** A controller for a call that started after `pauses` pauses; {@link release} it when the call is over. */
  fork(pauses: number): AbortController {
    const controller = new AbortController();
    if (this.pauses === pauses) this.#calls.add(controller);
    else controller.abort(this.#lastReason);
    return controller;
  }

  release(controller: AbortController): void {
    this.#calls.delete(controller);
  }

  /** Calls `listener` at every pause, after the calls in progress have been aborted. */
  onPause(listener: () => void): void {
    this.#pauseListeners.push(listener);
  }

  /** Aborts every call in progress; calls made from now on are not affected. */
  pause(reason: unknown): void {
    this.pauses++;
    this.#lastReason = reason;
    const calls = [...this.#calls];
    this.#calls.clear();
    for (const call of calls) call.abort(reason);
    for (const listener of this.#pauseListeners) listener();
  }

  /** Removes all pause listeners, when the stages are replaced. */
  reset(): void {
    this.#pauseListeners = [];
  }

  /** Settles as `work` does, or rejects as soon as the scope is over, even if the work ignores its signal. */
  wait<R>(work: () => Promise<R>): Promise<R> {
    if (this.isOver) return Promise.reject(this.#reason);
    return new Promise((resolve, reject) => {
      this.#rejectWait = reject;
      this.call(work).then(resolve, reject);
    });
  }

  /** Starts a callback of the caller. */
  call<A extends readonly unknown[], R>(callback: (...args: A) => R, ...args: A): R {
    const wasCalling = this.isCalling;
    this.isCalling = true;
    try {
      return callback(...args);
    } finally {
      this.isCalling = wasCalling;
    }
  }

  /** Throws the reason, or LEFT, if the traversal is over. */
  throwIfOver(): void {
    if (this.isOver) throw this.#reason;
  }

  /** The consumer has left: ends the current wait and every later one. */
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
