import { onAbort } from '../core/abort.js';
import type { Clock } from '../core/clock.js';
import type { Permit } from '../core/pacer.js';
import type { Quota } from '../pace/read-quota.js';
import type { BucketReply, Grant, SharedBucket } from './shared-bucket.js';

/** The longest time that Redis counts a permit as in flight. */
const STALE_MS = 1_000;

/** What a queue needs of a {@link SharedBucket}. */
type Bucket = Pick<SharedBucket, 'ratePerSecond' | 'send' | 'settle'>;

interface Waiter {
  readonly quota: Quota;
  /** Called with each wait that the service has asked for. */
  readonly held: (ms: number) => void;
  readonly admit: (permit: Permit) => void;
  readonly refuse: (error: unknown) => void;
}

/** The requests of this process that wait for a bucket in Redis, first in, first out. Only one place is taken there. */
export class BucketQueue {
  readonly #bucket: Bucket;
  readonly #clock: Clock;
  readonly #waiters = new Set<Waiter>();
  #isServing = false;
  #nap: AbortController | undefined;
  /** With a count, it names the places of this queue. */
  readonly #name = crypto.randomUUID();
  #places = 0;

  constructor(bucket: Bucket, clock: Clock) {
    this.#bucket = bucket;
    this.#clock = clock;
  }

  get ratePerSecond(): number | undefined {
    return this.#bucket.ratePerSecond;
  }

  /** Resolves with a permit when it is this waiter's turn; an abort leaves the queue at once. */
  wait(signal: AbortSignal | undefined, { quota, held }: Pick<Waiter, 'quota' | 'held'>): Promise<Permit> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const leave = () => {
        this.#waiters.delete(waiter);
        unlink?.();
      };
      const waiter: Waiter = {
        quota,
        held,
        admit: (permit) => {
          leave();
          resolve(permit);
        },
        refuse: (error) => {
          leave();
          reject(error);
        },
      };
      const unlink =
        signal &&
        onAbort(signal, (reason) => {
          waiter.refuse(reason);
          if (this.#waiters.size === 0) this.#nap?.abort();
        });
      this.#waiters.add(waiter);
      if (!this.#isServing) this.#serve();
    });
  }

  async #serve(): Promise<void> {
    this.#isServing = true;
    try {
      while (this.#waiters.size > 0) await this.#serveNext();
    } catch (error) {
      for (const waiter of this.#waiters) waiter.refuse(error);
    } finally {
      this.#isServing = false;
    }
  }

  /** Waits for one permit and gives it to the waiter that is first by then; an abort in between costs the others no time. */
  async #serveNext(): Promise<void> {
    const place = `${this.#name}:${this.#places++}`;
    for (let first = this.#first(); first; first = this.#first()) {
      const askedAt = this.#clock.now();
      const reply = await this.#bucket.send({ quota: first.quota, ask: place });
      // A process that was stopped meanwhile has a permit that counts as used by now: the next place is for the same waiter.
      if (reply.grant && this.#clock.now() - askedAt > STALE_MS) return;
      const next = this.#first();
      if (reply.grant && next) return next.admit(this.#permit(reply.grant, next.quota));
      if (next) await this.#pause(reply, next);
      if (this.#waiters.size === 0) return this.#leave(place, first.quota);
    }
  }

  #first(): Waiter | undefined {
    const [first] = this.#waiters;
    return first;
  }

  #permit(grant: Grant, quota: Quota): Permit {
    return { settle: (outcome) => this.#bucket.settle(grant, outcome, quota) };
  }

  async #pause({ waitMs, heldMs }: BucketReply, waiter: Waiter): Promise<void> {
    if (heldMs > 0) waiter.held(heldMs);
    const nap = new AbortController();
    this.#nap = nap;
    // A timer may be a millisecond early, and asking twice costs more than that.
    await this.#clock.sleep(Math.ceil(waitMs) + 1, nap.signal).catch((error) => {
      if (!nap.signal.aborted) throw error;
    });
  }

  /** Gives a place or a permit back. If that fails, the place expires, and the permit counts as used. */
  #leave(place: string, quota: Quota): void {
    this.#bucket.send({ quota, leave: place }).catch(() => {});
  }
}
