import type { Cluster, Redis } from 'ioredis';

interface LockedJob {
  /** The key of the job's lock in Redis. */
  readonly lockKey: string;
  /** The key that keeps the highest token given so far: one for the whole queue, as a job and its key can be removed. */
  readonly leaseKey: string;
  /** The value of the lock while this worker holds it. */
  readonly token: string;
  readonly lockMs: number;
}

/**
 * The fencing token of a job whose lock this worker holds, which is renewed as well; undefined if another holds it. The
 * token is the time of Redis, and higher than every earlier one.
 *
 * BullMQ's own counter of starts is not enough: it restarts when a job is removed and added again, or retried with a
 * reset, and a crash of Redis can set it back. A time is higher after any of these, and the highest token is kept for two
 * jobs in one millisecond, and for a clock that is set back.
 */
export async function takeLease(
  redis: Redis | Cluster,
  { lockKey, leaseKey, token, lockMs }: LockedJob,
): Promise<number | undefined> {
  const answer = await redis.eval(SCRIPT, 2, lockKey, leaseKey, token, lockMs);
  return typeof answer === 'string' ? Number(answer) : undefined;
}

// One script, so that the lock cannot change hands between its check and the token.
const SCRIPT = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local last = tonumber(redis.call('GET', KEYS[2]) or '0')
local token = string.format('%.0f', math.max(last + 1, now))
redis.call('SET', KEYS[2], token)
return token`;
