import type { Clock } from '../core/clock.js';
import { type ErrorCode, PageturnError } from '../core/errors.js';
import { withinTime } from '../core/within-time.js';
import { MAX_FAULTS_MS, MAX_UNANSWERED_MS } from '../request/retry-limits.js';
import { describeRedisError } from './describe-redis-error.js';
import type { RedisConnection } from './redis-connection.js';

/** Between two tries, for errors that Redis answers with; ioredis itself waits while it has no connection. */
const PAUSE_MS = 250;

export interface RedisRetryOptions {
  readonly redis: RedisConnection;
  readonly code: ErrorCode;
  /** What could not be done, such as `cannot pace Connect.ListUsers`. */
  readonly action: string;
  readonly clock: Clock;
}

/**
 * Retries a call of Redis until it is answered, for 30 s at most, or 10 s if this connection never had an answer. Throws at
 * once for a permanent error. An attempt without an answer may still take effect, so `call` must be safe to repeat.
 */
export async function withRedisRetry<R>(call: () => Promise<R>, options: RedisRetryOptions): Promise<R> {
  const { redis, clock } = options;
  const watch = watchOf(redis);
  const since = clock.now();
  // As for a service: a server that has answered before is probably being restarted, one that never did has another address.
  const leftMs = () => since + (watch.wasReached ? MAX_FAULTS_MS : MAX_UNANSWERED_MS) - clock.now();
  for (;;) {
    try {
      const result = await withinTime(call(), { clock, ms: leftMs(), late: noAnswer });
      watch.wasReached = true;
      watch.lastError = undefined;
      return result;
    } catch (error) {
      // An error of the connection says more than that there was no answer.
      const cause = error === NO_ANSWER ? (watch.lastError ?? error) : error;
      const { passes, what } = describeRedisError(cause, redis.status);
      if (!passes || leftMs() <= 0 || error === NO_ANSWER) {
        throw new PageturnError(options.code, `${options.action} in Redis: ${what}`, { cause });
      }
      await clock.sleep(PAUSE_MS);
    }
  }
}

interface Watch {
  wasReached: boolean;
  lastError: Error | undefined;
}

const watches = new WeakMap<RedisConnection, Watch>();

/** Commands of a lost connection wait for the next connection; only an `error` listener learns why there is none. */
function watchOf(redis: RedisConnection): Watch {
  const known = watches.get(redis);
  if (known) return known;
  const watch: Watch = { wasReached: false, lastError: undefined };
  redis.on?.('error', (error) => {
    watch.lastError = error;
  });
  watches.set(redis, watch);
  return watch;
}

const NO_ANSWER = new Error('the connection timed out: Redis did not answer');

function noAnswer(): never {
  throw NO_ANSWER;
}
