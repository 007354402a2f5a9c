import { onAbort } from '../core/abort.js';
import type { Pacer, Permit } from '../core/pacer.js';
import { settleOnce } from './settle-once.js';
import { type WaitForPermitOptions, waitForPermit } from './wait-for-permit.js';
import type { AttemptCall } from './with-attempt.js';

/** A permit for the first attempt of a request, acquired before the request is made. */
export class PermitAhead {
  /** When the request began to wait for it, on the clock of the retry. */
  readonly askedAt: number;
  readonly #pacer: Pacer;
  readonly #permit: Promise<Permit>;
  readonly #operation: string | undefined;
  #unlink = () => {};
  #isTaken = false;

  private constructor(pacer: Pacer, { signal, operation }: AttemptCall, wait: StartedWait) {
    this.askedAt = wait.askedAt;
    this.#pacer = pacer;
    this.#permit = wait.permit;
    this.#operation = operation;
    if (signal) this.#unlink = onAbort(signal, () => this.giveBack());
  }

  /** Resolves to the call to make the request with, once the permit is granted. If the wait fails, so does that request. */
  static async acquire<C extends AttemptCall>(
    pacer: Pacer,
    call: C,
    options: WaitForPermitOptions,
  ): Promise<C & { readonly permit: PermitAhead }> {
    const askedAt = options.clock.now();
    const permit = waitForPermit(pacer, call, options);
    const ahead = new PermitAhead(pacer, call, { permit, askedAt });
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

  /** Settles the permit as lost, unless a request has taken it. */
  giveBack(): void {
    if (this.#isTaken) return;
    this.#isTaken = true;
    this.#unlink();
    this.#permit.then((one) => settleOnce(one, this.#operation)({ kind: 'lost' })).catch(() => {});
  }
}

interface StartedWait {
  readonly permit: Promise<Permit>;
  readonly askedAt: number;
}
