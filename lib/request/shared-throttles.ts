import type { Pacer } from '../core/pacer.js';
import { askedTooLong } from './retry-limits.js';

/** A request that waits for a permit. */
interface Waiting {
  /** When it began to wait, or when its earlier attempts first had to wait because of a throttle. */
  readonly since: number;
  readonly maxElapsedMs: number;
  /** Ends the wait. */
  giveUp(bound: string, throttle: unknown): void;
}

/**
 * The throttles of the requests that share a pacer. A wait that one throttle causes for all of them counts towards
 * the limit of each: without that, a single `Retry-After` of an hour would stall every later request for an hour.
 */
export class SharedThrottles {
  /** When the first throttle came since the service last accepted a request; undefined while it accepts them. */
  since: number | undefined;
  /** When the longest wait that the service asked for ends. */
  #blockedUntil = Number.NEGATIVE_INFINITY;
  #last: unknown;
  readonly #waiting = new Set<Waiting>();

  throttled(error: unknown, retryAfterMs: number, now: number): void {
    this.since ??= now;
    this.#last = error;
    this.#blockedUntil = Math.max(this.#blockedUntil, now + retryAfterMs);
    for (const one of this.#waiting) this.#check(one, now);
  }

  /** A request that was sent before the throttles says nothing about the time since. */
  accepted(sentAt: number, now: number): void {
    if (this.since === undefined || sentAt < this.since || now < this.#blockedUntil) return;
    this.since = undefined;
    this.#last = undefined;
  }

  /** Watches a wait until the returned function is called. */
  watch(waiting: Waiting, now: number): () => void {
    this.#waiting.add(waiting);
    this.#check(waiting, now);
    return () => this.#waiting.delete(waiting);
  }

  #check({ since, maxElapsedMs, giveUp }: Waiting, now: number): void {
    if (this.since === undefined) return;
    const waitMs = this.#blockedUntil - now;
    const leftMs = maxElapsedMs - (now - Math.max(since, this.since));
    if (leftMs <= 0) giveUp(`${maxElapsedMs} ms after the first throttle (maxElapsedMs)`, this.#last);
    else if (waitMs > leftMs) giveUp(askedTooLong(waitMs), this.#last);
  }
}

const byPacer = new WeakMap<Pacer, SharedThrottles>();

export function sharedThrottlesOf(pacer: Pacer): SharedThrottles {
  const sharedThrottles = byPacer.get(pacer) ?? new SharedThrottles();
  byPacer.set(pacer, sharedThrottles);
  return sharedThrottles;
}
