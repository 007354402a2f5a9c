import type { Scope } from '../../core/scope.js';
import { NOTHING, type Nothing, type Stage, type Wanted } from './stage.js';

/**
 * How an asynchronous operator draws on the stage before it: it asks for more without waiting; the outcome (more
 * values, the end, an error) is kept until the operator looks.
 */
export class UpstreamReader<S> {
  readonly upstream: Stage<S>;
  /** Whether upstream has come to its end. */
  isOver = false;
  /** Ends the wait for a change. */
  wake = () => {};
  #request: object | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(upstream: Stage<S>, scope: Scope) {
    this.upstream = upstream;
    scope.onPause(() => this.#pause());
  }

  /** Whether upstream has failed, and the error was not thrown yet. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** Acknowledges and takes as upstream does; its error is kept until everything before it is delivered. */
  acknowledgeAndTake(): S | Nothing {
    if (this.#request || this.#failure) return NOTHING;
    try {
      return this.upstream.acknowledgeAndTake();
    } catch (error) {
      this.#failure = { error };
      return NOTHING;
    }
  }

  /** Asks upstream for more, unless it was asked already, has ended or has failed. */
  request(wanted: Wanted): void {
    if (this.#request || this.isOver || this.#failure) return;
    const request = {};
    this.#request = request;
    const settle = (note: () => void) => {
      // Dropped by a pause meanwhile.
      if (this.#request !== request) return;
      this.#request = undefined;
      note();
      this.wake();
    };
    this.upstream.advance(wanted).then(
      (more) => settle(() => (this.isOver = !more)),
      (error: unknown) => settle(() => (this.#failure = { error })),
    );
  }

  /** Throws the error upstream failed with, once; after that it may be asked again. */
  throwFailure(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure.error;
  }

  /** Resolves when upstream has news, at a pause, or when the operator itself calls `wake`. */
  change(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  /** Drops the request in progress and the failure that was not thrown. */
  #pause(): void {
    this.#request = undefined;
    this.#failure = undefined;
    this.wake();
  }
}
