import type { Grant, QuotaModel } from '../../lib/pace/quota-model.js';
import { backoff } from '../../lib/request/backoff.js';

/** A clock that leaps from event to event, as fast as the machine computes. */
export class Simulation {
  now = 0;
  readonly #events: { readonly at: number; readonly run: () => void }[] = [];

  at(at: number, run: () => void): void {
    const later = this.#events.findLastIndex((event) => event.at <= at) + 1;
    this.#events.splice(later, 0, { at, run });
  }

  /** Runs every event up to a time, or all events. */
  run(until = Number.POSITIVE_INFINITY): void {
    for (let next = this.#events[0]; next && next.at <= until; next = this.#events[0]) {
      this.#events.shift();
      this.now = next.at;
      next.run();
    }
    if (until < Number.POSITIVE_INFINITY) this.now = until;
  }
}

interface Arrival {
  readonly at: number;
  readonly accepted: boolean;
  readonly caller: string;
}

/** A token bucket; a throttled request costs no token. */
export class Bucket {
  readonly log: Arrival[] = [];
  readonly burst: number;
  readonly #simulation: Simulation;
  #ratePerSecond: number;
  #level: number;
  #at = 0;

  constructor(simulation: Simulation, ratePerSecond = 2, burst = 5, level = burst) {
    this.#simulation = simulation;
    this.#ratePerSecond = ratePerSecond;
    this.burst = burst;
    this.#level = level;
  }

  get ratePerSecond(): number {
    return this.#ratePerSecond;
  }

  set ratePerSecond(ratePerSecond: number) {
    this.#refill();
    this.#ratePerSecond = ratePerSecond;
  }

  take(caller: string): boolean {
    this.#refill();
    // Rounding errors of many refills.
    const accepted = this.#level >= 1 - 1e-9;
    if (accepted) this.#level -= 1;
    this.log.push({ at: this.#at, accepted, caller });
    return accepted;
  }

  /** Accepted, or throttled, requests of a caller after one time and up to another. */
  count(kind: 'accepted' | 'throttled', caller?: string, from = -1, to = Number.POSITIVE_INFINITY): number {
    const isWanted = (one: Arrival) =>
      one.accepted === (kind === 'accepted') && (caller === undefined || one.caller === caller);
    return this.log.filter((one) => isWanted(one) && one.at > from && one.at <= to).length;
  }

  #refill(): void {
    const { now } = this.#simulation;
    const refilled = this.#level + (this.#ratePerSecond * (now - this.#at)) / 1000;
    this.#level = Math.min(this.burst, refilled);
    this.#at = now;
  }
}

interface CallerOptions {
  readonly name?: string;
  readonly model: QuotaModel;
  readonly requests: number;
  readonly concurrency?: number;
  /** Milliseconds from sending to answer; the bucket is asked halfway. */
  readonly latencyMs: () => number;
  readonly random: () => number;
}

/** Makes so many requests, as `withRetry` over `withPace` does: in order, throttled ones again. */
export class Caller {
  readonly name: string;
  finishedAt = Number.POSITIVE_INFINITY;
  readonly #simulation: Simulation;
  readonly #bucket: Bucket;
  readonly #options: CallerOptions;
  readonly #queue: { throttles: number }[] = [];
  #unsent: number;
  #unanswered: number;
  #wakes = 0;

  constructor(simulation: Simulation, bucket: Bucket, options: CallerOptions) {
    this.name = options.name ?? '';
    this.#simulation = simulation;
    this.#bucket = bucket;
    this.#options = options;
    this.#unsent = options.requests;
    this.#unanswered = options.requests;
  }

  start(at = 0): void {
    const { concurrency = 1 } = this.#options;
    this.#simulation.at(at, () => {
      for (let i = 0; i < concurrency; i++) this.#next();
    });
  }

  #next(): void {
    if (this.#unsent === 0) return;
    this.#unsent--;
    this.#queue.push({ throttles: 0 });
    this.#serve();
  }

  #serve(): void {
    const { model } = this.#options;
    const wake = ++this.#wakes;
    for (let request = this.#queue[0]; request; request = this.#queue[0]) {
      const { now } = this.#simulation;
      const readyAt = model.readyAt(now);
      if (readyAt > now) {
        const again = now + Math.ceil(readyAt - now);
        this.#simulation.at(again, () => wake === this.#wakes && this.#serve());
        return;
      }
      this.#queue.shift();
      this.#send(request, model.grant(now));
    }
  }

  #send(request: { throttles: number }, grant: Grant): void {
    const halfMs = this.#options.latencyMs() / 2;
    this.#simulation.at(this.#simulation.now + halfMs, () => {
      const accepted = this.#bucket.take(this.name);
      this.#simulation.at(this.#simulation.now + halfMs, () => {
        if (accepted) this.#accepted(grant);
        else this.#throttled(request, grant);
        this.#serve();
      });
    });
  }

  #accepted(grant: Grant): void {
    this.#options.model.accepted(grant, this.#simulation.now);
    if (--this.#unanswered === 0) this.finishedAt = this.#simulation.now;
    this.#next();
  }

  #throttled(request: { throttles: number }, grant: Grant): void {
    this.#options.model.throttled(grant, this.#simulation.now);
    // The first three throttles in a row are left to the pacer.
    const nth = ++request.throttles - 3;
    const delayMs = nth < 1 ? 0 : backoff('throttle', nth, this.#options.random);
    this.#simulation.at(this.#simulation.now + delayMs, () => {
      this.#queue.push(request);
      this.#serve();
    });
  }
}

/** Random numbers that are the same in every run (mulberry32, public domain). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
