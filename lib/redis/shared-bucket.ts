import type { Clock } from '../core/clock.js';
import type { Outcome } from '../core/pacer.js';
import type { Quota } from '../pace/read-quota.js';
import { PACE_SCRIPT } from './pace-script.js';
import { type RedisConnection, runScript } from './redis-connection.js';
import { withRedisRetry } from './with-redis-retry.js';

/** A permit as the bucket knows it; all times are those of the server. */
export interface Grant {
  readonly id: string;
  readonly epoch: string;
  readonly sentAt: number;
  readonly believed: number;
  readonly corrected: number;
}

export interface BucketRequest {
  readonly quota: Quota;
  /** The place in the queue to take, or to ask about again. */
  readonly ask?: string;
  /** The place to take with a permit, for the request after this one. */
  readonly next?: string;
  /** Whether that request is waiting already. Otherwise its place is kept for one token's time only. */
  readonly isAwaited?: boolean;
  /** The place to give up, or the permit that is not used. */
  readonly leave?: string;
}

export interface BucketReply {
  readonly grant: Grant | undefined;
  /** How long to wait before asking again; with a permit, before asking for the next one. */
  readonly waitMs: number;
  /** How long the service has asked everyone to wait. */
  readonly heldMs: number;
}

/** One bucket of requests in Redis. Outcomes of permits travel with the next request; a throttle does not wait for it. */
export class SharedBucket {
  readonly operation: string;
  /** The rate it had last, per second; undefined before the first answer. */
  ratePerSecond: number | undefined;
  readonly #redis: RedisConnection;
  readonly #key: string;
  readonly #clock: Clock;
  #settled: object[] = [];

  constructor(redis: RedisConnection, key: string, operation: string, clock: Clock) {
    this.#redis = redis;
    this.#key = key;
    this.operation = operation;
    this.#clock = clock;
  }

  async send({ quota, ...more }: BucketRequest): Promise<BucketReply> {
    const settled = this.#settled.splice(0);
    const { ratePerSecond, burst, share, learn } = quota;
    const rate = ratePerSecond * share;
    const request = JSON.stringify({
      ...more,
      quota: { rate, burst: Math.max(1, burst * share), learn, ceiling: share < 1 ? rate : undefined },
      known: this.ratePerSecond,
      settled,
    });
    try {
      return this.#read(more.ask, await this.#run(request));
    } catch (error) {
      // Whether it took effect is not known. A throttle may be reported again.
      const again = settled.filter((outcome) => 'kind' in outcome && outcome.kind === 'throttled');
      this.#settled.unshift(...again.map((outcome) => ({ ...outcome, again: true })));
      throw error;
    }
  }

  /** Reports how a request ended. */
  async settle(grant: Grant, outcome: Outcome, quota: Quota): Promise<void> {
    if (outcome.kind !== 'throttled') {
      this.#settled.push({ ...grant, kind: outcome.kind });
      return;
    }
    const { kind, retryAfterMs = 0 } = outcome;
    const throttle = { ...grant, kind, retryAfterMs: Number.isFinite(retryAfterMs) ? retryAfterMs : 0 };
    this.#settled.push(throttle);
    // The request is usually sent again at once: then the throttle travels with its question for a permit.
    await this.#clock.sleep(0);
    if (this.#settled.includes(throttle)) await this.send({ quota });
  }

  #run(request: string): Promise<unknown> {
    return withRedisRetry(() => runScript(this.#redis, PACE_SCRIPT, this.#key, request), {
      redis: this.#redis,
      code: 'ERR_PACER_IO',
      action: `cannot pace ${this.operation}`,
      clock: this.#clock,
    });
  }

  #read(id = '', reply: unknown): BucketReply {
    const [granted, waitMs, epoch, rate, heldMs, ...grant] = reply as readonly string[];
    const [sentAt, believed, corrected] = grant.map(Number);
    this.ratePerSecond = Number(rate);
    const isGranted = granted === '1' && epoch !== undefined;
    return {
      grant:
        isGranted && sentAt !== undefined && believed !== undefined && corrected !== undefined
          ? { id, epoch, sentAt, believed, corrected }
          : undefined,
      waitMs: Number(waitMs),
      heldMs: Number(heldMs),
    };
  }
}
