import type { Scope } from './scope.js';

/**
 * A call in progress in a scope. Its signal is created when it is first read, because that costs more than everything
 * else about a page.
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

  /** Whether the result is still wanted: there was no pause since the call started. */
  get isWanted(): boolean {
    return this.#scope.pauses === this.#pauses;
  }

  /** Whether the next call may reuse this one once it is over: its signal was never read, and could still be. */
  get isReusable(): boolean {
    return !this.#controller && this.isWanted;
  }

  /** The call is over. */
  close(): void {
    if (this.#controller) this.#scope.release(this.#controller);
  }

  /** An own property, so that a wrapper can spread the call. All calls share the getter, which saves memory. */
  static readonly #OWN_SIGNAL: PropertyDescriptor & ThisType<ScopedCall> = {
    enumerable: true,
    get(): AbortSignal {
      this.#controller ??= this.#scope.fork(this.#pauses);
      return this.#controller.signal;
    },
  };
}
