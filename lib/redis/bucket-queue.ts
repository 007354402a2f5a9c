import { onAbort } from '../core/abort.js';
import type { Clock } from '../core/clock.js';
import type { Permit } from '../core/pacer.js';
import type { Quota } from '../pace/read-quota.js';
import type { BucketReply, Grant, SharedBucket } from './shared-bucket.js';

/** The longest time that Redis counts a permit as in flight. */
const STALE_MS = 1_000;

/** What a queue needs of a {@link SharedBucket}. */
type Bucket = Pick<SharedBucket, 'ratePerSecond' | 'send' | 'settle'>;

/** A place in the queue in Redis that was taken with a permit, and when its turn is expected to come. */
interface NextPlace {
  readonly id: string;
  readonly dueAt: number;
  /** Whether a throttle has postponed its turn since. */
  readonly isPostponed?: boolean;
}

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
  #awakening: AbortController | undefined;
  /** With a count, it names the places of this queue. */
  readonly #name = crypto.randomUUID();
  #places = 0;
  #next: NextPlace | undefined;
  /** When the last permit was granted. */
  #grantedAt = Number.NEGATIVE_INFINITY;
  /** Whether the last request came so soon after a permit that it could have used a place taken with it. */
  #returnsSoon = false;

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
          if (this.#waiters.size === 0) this.#awakening?.abort();
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
    const cameAt = this.#clock.now();
    const taken = this.#next;
    this.#next = undefined;
    const place = taken?.id ?? this.#newPlace();
    const { quota } = this.#first() ?? {};
    if (taken && !taken.isPostponed) {
      this.#returnsSoon = cameAt <= taken.dueAt;
      await this.#nap(taken.dueAt - cameAt);
      if (this.#waiters.size === 0 && quota) return this.#leave(place, quota);
    }
    let isFirst = !taken;
    for (let first = this.#first(); first; first = this.#first()) {
      const reply = await this.#ask(place, first);
      if (isFirst) this.#returnsSoon = !reply.grant && cameAt - this.#grantedAt < reply.waitMs;
      isFirst = false;
      if (reply.grant) this.#grantedAt = this.#clock.now();
      // A process that was stopped meanwhile has a permit that counts as used by now: the next place is for the same waiter.
      if (reply.isStale) return;
      const next = this.#first();
      if (reply.grant && next) return next.admit(this.#permit(reply.grant, next.quota));
      if (next) await this.#pause(reply, next);
      if (this.#waiters.size === 0) return this.#leave(place, first.quota);
    }
  }

  /** Asks for a permit, and with it for the next place, if there is a request that will use it. */
  async #ask(place: string, { quota }: Waiter): Promise<BucketReply & { readonly isStale: boolean }> {
    const askedAt = this.#clock.now();
    const isAwaited = this.#waiters.size > 1;
    const next = isAwaited || this.#returnsSoon ? this.#newPlace() : undefined;
    const reply = await this.#bucket.send({ quota, ask: place, ...(next && { next, isAwaited }) });
    const now = this.#clock.now();
    if (reply.grant && next && reply.waitMs > 0) this.#next = { id: next, dueAt: now + reply.waitMs };
    return { ...reply, isStale: reply.grant !== undefined && now - askedAt > STALE_MS };
  }

  #newPlace(): string {
    return `${this.#name}:${this.#places++}`;
  }

  #first(): Waiter | undefined {
    const [first] = this.#waiters;
    return first;
  }

  #permit(grant: Grant, quota: Quota): Permit {
    return {
      settle: (outcome) => {
        if (outcome.kind === 'throttled' && this.#next) this.#next = { ...this.#next, isPostponed: true };
        return this.#bucket.settle(grant, outcome, quota);
      },
    };
  }

  async #pause({ waitMs, heldMs }: BucketReply, waiter: Waiter): Promise<void> {
    if (heldMs > 0) waiter.held(heldMs);
    await this.#nap(waitMs);
  }

  /** Waits, unless all waiters leave. */
  async #nap(ms: number): Promise<void> {
    if (ms <= 0) return;
    const awakening = new AbortController();
    this.#awakening = awakening;
    // A timer may be a millisecond early, and asking twice costs more than that.
    await this.#clock.sleep(Math.ceil(ms) + 1, awakening.signal).catch((error) => {
      if (!awakening.signal.aborted) throw error;
    });
  }

  /** Gives a place or a permit back. If that fails, the place expires, and the permit counts as used. */
  #leave(place: string, quota: Quota): void {
    this.#bucket.send({ quota, leave: place }).catch(() => {});
  }
}
