import { onAbort } from '../core/abort.js';
import type { Pacer, Permit } from '../core/pacer.js';
import { settleOnce } from './settle-once.js';
import { type WaitForPermitOptions, waitForPermit } from './wait-for-permit.js';
import type { AttemptCall } from './with-attempt.js';

/** A permit for the first attempt of a request, acquired before the request is made. */
export class PermitAhead {
  readonly #pacer: Pacer;
  readonly #permit: Promise<Permit>;
  readonly #unlink: () => void;
  #isTaken = false;

  private constructor(pacer: Pacer, permit: Promise<Permit>, { signal, operation }: AttemptCall) {
    this.#pacer = pacer;
    this.#permit = permit;
    const drop = () => {
      if (!this.#isTaken) permit.then((one) => settleOnce(one, operation)({ kind: 'lost' })).catch(() => {});
      this.#isTaken = true;
    };
    this.#unlink = signal ? onAbort(signal, drop) : () => {};
  }

  /** Resolves to the call to make the request with, once the permit is granted. If the wait fails, so does that request. */
  static async acquire<C extends AttemptCall>(
    pacer: Pacer,
    call: C,
    options: WaitForPermitOptions,
  ): Promise<C & { readonly permit: PermitAhead }> {
    const permit = waitForPermit(pacer, call, options);
    const ahead = new PermitAhead(pacer, permit, call);
    await permit.catch(() => {});
    return { ...call, permit: ahead };
  }

  /** The permit, once, if it is this pacer's. */
  take(pacer: Pacer): Promise<Permit> | undefined {
    if (this.#isTaken || this.#pacer !== pacer) return undefined;
    this.#isTaken = true;
    this.#unlink();
    return this.#permit;
  }
}
