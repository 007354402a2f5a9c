import { type Flow, NOTHING, type Nothing } from './flow.js';

/**
 * How an asynchronous operator draws on the flow before it: it asks for more and goes on with other work; what comes
 * of it (more values, the end, an error) is kept until it looks.
 */
export class UpstreamReader<S> {
  readonly upstream: Flow<S>;
  /** Whether upstream has come to its end. */
  over = false;
  readonly #onChange: () => void;
  #request: object | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(upstream: Flow<S>, onChange: () => void) {
    this.upstream = upstream;
    this.#onChange = onChange;
  }

  /** The next value at hand. What upstream fails with is kept: its turn comes when everything in front of it is through. */
  poll(): S | Nothing {
    if (this.#request || this.#failure) return NOTHING;
    try {
      return this.upstream.poll();
    } catch (error) {
      this.#failure = { error };
      return NOTHING;
    }
  }

  /** Asks upstream for more, unless it is asked already, has ended or has failed. */
  request(): void {
    if (this.#request || this.over || this.#failure) return;
    const request = {};
    this.#request = request;
    const settle = (note: () => void) => {
      // A request that was paused away has nobody waiting for it.
      if (this.#request !== request) return;
      this.#request = undefined;
      note();
      this.#onChange();
    };
    this.upstream.advance().then(
      (more) => settle(() => (this.over = !more)),
      (error: unknown) => settle(() => (this.#failure = { error })),
    );
  }

  /** Throws the error upstream ended in, once; after that it may be asked again. */
  throwFailure(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure.error;
  }

  pause(reason: unknown): void {
    this.#request = undefined;
    this.#failure = undefined;
    this.upstream.pause(reason);
  }
}
