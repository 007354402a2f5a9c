import type { Pacer } from '../../lib/core/pacer.js';
import { withPace } from '../../lib/request/with-pace.js';
import { withRetry } from '../../lib/request/with-retry.js';
import type { ManualClock } from '../support/manual-clock.js';

interface QuotaServiceOptions {
  readonly clock: ManualClock;
  readonly ratePerSecond?: number;
  readonly burst?: number;
  /** Milliseconds from sending to answer; half of it before the bucket is asked. */
  readonly latencyMs?: () => number;
}

/** A service with a token bucket; a throttled request costs no token. */
export class QuotaService {
  readonly clock: ManualClock;
  readonly ratePerSecond: number;
  readonly burst: number;
  /** When each request arrived, and whether it was accepted. */
  readonly log: { readonly at: number; readonly accepted: boolean; readonly caller: string }[] = [];
  readonly #latencyMs: () => number;
  #level: number;
  #at = 0;

  constructor({ clock, ratePerSecond = 2, burst = 5, latencyMs = () => 1 }: QuotaServiceOptions) {
    this.clock = clock;
    this.ratePerSecond = ratePerSecond;
    this.burst = burst;
    this.#latencyMs = latencyMs;
    this.#level = burst;
  }

  get throttles(): number {
    return this.log.filter(({ accepted }) => !accepted).length;
  }

  /** The least time that so many requests take, in seconds. */
  bound(requests: number): number {
    return (requests - this.burst) / this.ratePerSecond;
  }

  /** Accepted requests of a caller between two moments. */
  served(caller: string, from: number, to: number): number {
    return this.log.filter((one) => one.accepted && one.caller === caller && one.at > from && one.at <= to)
      .length;
  }

  async request(caller = ''): Promise<void> {
    const halfMs = this.#latencyMs() / 2;
    await this.clock.sleep(halfMs);
    const accepted = this.#take();
    this.log.push({ at: this.clock.now(), accepted, caller });
    await this.clock.sleep(halfMs);
    if (!accepted) throw new Throttled();
  }

  #take(): boolean {
    const now = this.clock.now();
    this.#level = Math.min(this.burst, this.#level + (this.ratePerSecond * (now - this.#at)) / 1000);
    this.#at = now;
    // Sums of many refills.
    if (this.#level < 1 - 1e-9) return false;
    this.#level -= 1;
    return true;
  }
}

class Throttled extends Error {}

const classify = (error: unknown) =>
  error instanceof Throttled ? ({ kind: 'throttle' } as const) : ({ kind: 'final' } as const);

interface DrainOptions {
  readonly requests: number;
  readonly concurrency?: number;
  readonly caller?: string;
  readonly random?: () => number;
}

/** Makes so many requests, as a listing or a fan-out does: paced, and throttled ones again. */
export async function drain(service: QuotaService, pacer: Pacer, options: DrainOptions): Promise<void> {
  const { requests, concurrency = 1, caller = '', random = Math.random } = options;
  const { clock } = service;
  const paced = withPace(() => service.request(caller), pacer, { classify, clock });
  const send = withRetry(paced, { paced: true, classify, clock, random });
  let left = requests;
  const work = async () => {
    while (left-- > 0) await send(undefined, {});
  };
  await Promise.all(Array.from({ length: concurrency }, work));
}
