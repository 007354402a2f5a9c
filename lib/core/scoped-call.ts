import type { Scope } from './scope.js';

/**
 * A call under way in a scope. Its signal is made when it is first looked at, because making one costs more than all the
 * rest of a page.
 */
export class ScopedCall {
  declare readonly signal: AbortSignal;
  readonly #scope: Scope;
  readonly #pauses: number;
  #controller: AbortController | undefined;

  constructor(scope: Scope) {
    this.#scope = scope;
    this.#pauses = scope.pauses;
    Object.defineProperty(this, 'signal', ScopedCall.#OWN_SIGNAL);
  }

  /** Whether the scope is as it was when the call began, so that what comes of it is still wanted. */
  get isWanted(): boolean {
    return this.#scope.pauses === this.#pauses;
  }

  /** The call is over. */
  close(): void {
    if (this.#controller) this.#scope.release(this.#controller);
  }

  /** A property of the object itself, so that a wrapper may spread the call; one getter for all, which costs no memory. */
  static readonly #OWN_SIGNAL: PropertyDescriptor & ThisType<ScopedCall> = {
    enumerable: true,
    get(): AbortSignal {
      this.#controller ??= this.#scope.fork(this.#pauses);
      return this.#controller.signal;
    },
  };
}
