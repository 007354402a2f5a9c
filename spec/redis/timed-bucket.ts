import type { Redis } from 'ioredis';
import { PACE_SCRIPT } from '../../lib/redis/pace-script.js';
import type { BucketReply } from '../../lib/redis/shared-bucket.js';

/** The quota as the script gets it. */
interface ScriptQuota {
  readonly rate: number;
  readonly burst: number;
  readonly learn: boolean;
  readonly ceiling?: number;
}

interface TimedReply extends BucketReply {
  readonly rate: number;
  readonly epoch: string;
}

/** The script of a bucket, at times that the spec sets. */
export class TimedBucket {
  readonly #redis: Redis;
  readonly #key: string;
  readonly #quota: ScriptQuota;

  constructor(redis: Redis, key: string, quota: ScriptQuota) {
    this.#redis = redis;
    this.#key = key;
    this.#quota = quota;
  }

  async run(
    atMs: number,
    request: {
      readonly ask?: string;
      readonly next?: string;
      readonly isAwaited?: boolean;
      readonly leave?: string;
      readonly settled?: readonly object[];
      readonly known?: number;
    },
  ): Promise<TimedReply> {
    const text = PACE_SCRIPT.text.replace("redis.call('TIME')", 'cjson.decode(ARGV[2])');
    const whole = JSON.stringify({ settled: [], ...request, quota: this.#quota });
    const seconds = 1_800_000_000 + Math.floor(atMs / 1000);
    const time = JSON.stringify([seconds, (atMs % 1000) * 1000]);
    const reply = (await this.#redis.eval(text, 1, this.#key, whole, time)) as readonly string[];
    const [granted, waitMs, epoch = '', rate, heldMs, ...numbers] = reply;
    const [sentAt = 0, believed = 0, corrected = 0] = numbers.map(Number);
    return {
      grant: granted === '1' ? { id: request.ask ?? '', epoch, sentAt, believed, corrected } : undefined,
      waitMs: Number(waitMs),
      rate: Number(rate),
      heldMs: Number(heldMs),
      epoch,
    };
  }
}
