import type { Cluster, Redis } from 'ioredis';
import { messageOf } from '../core/error-fields.js';
import { invalidArgument, PageturnError } from '../core/errors.js';

/** What the names of the keys of a queue begin with: `bull:pageturn`. */
export type QueueKeys = { readonly prefix: string; readonly name: string };

/**
 * Checks that a queue can be kept in a Redis that answers, with a script that writes, as those of BullMQ. Without that, a worker
 * would wait forever for jobs that it cannot take. Rejects with ERR_QUEUE_FAILED, and with ERR_INVALID_ARGUMENT for a prefix
 * that a cluster does not allow.
 */
export async function checkRedis(
  redis: Redis | Cluster,
  { prefix, name }: QueueKeys,
  place: string,
): Promise<void> {
  const info = await redis.info('server').catch((error: unknown) => {
    throw redisRefused(place, error);
  });
  const [, version = 'unknown', major = '0'] = /redis_version:((\d+)[.\d]*)/.exec(info) ?? [];
  if (Number(major) < OLDEST_MAJOR) {
    throw queueFailed(
      `Redis at ${place} has version ${version}, and BullMQ needs ${OLDEST_MAJOR}.0 or later; update it`,
    );
  }
  const keys = `${prefix}:${name}`;
  if (/redis_mode:cluster/.test(info) && !hasHashTag(keys)) {
    throw invalidArgument(
      'prefix',
      'in braces for a cluster, such as "{bull}", so that all keys of a queue are in one hash slot',
      prefix,
    );
  }
  try {
    if ('select' in redis && 'db' in redis.options && Number(redis.options.db) > 0) {
      await redis.select(Number(redis.options.db));
    }
    await redis.eval(PROBE, 1, `${keys}:pageturn:check`);
  } catch (error) {
    throw redisRefused(place, error);
  }
}

/** `RedisConnection.minimumVersion` of BullMQ 6. */
const OLDEST_MAJOR = 5;

// BullMQ allows no job id with a single colon, so this is the key of no job.
const PROBE = "return redis.call('SET', KEYS[1], '1', 'PX', 1)";

/** What it means if Redis refuses a command of a queue. */
export function redisRefused(place: string, error: unknown): PageturnError {
  const message = messageOf(Object(error));
  const [, what = 'refused a command; see the cause'] = REPLIES.find(([reply]) => reply.test(message)) ?? [];
  return queueFailed(`Redis at ${place} ${what}`, error);
}

/** Whether Redis has rejected the credentials ("ACL" and "AUTH" in its documentation). */
export function isCredentialReply(message: string): boolean {
  return CREDENTIALS.test(message);
}

const CREDENTIALS = /\b(WRONGPASS|NOAUTH)\b|invalid (username-password|password)|NOPERM.*'(info|hello)'/;

// The first words of error replies: https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
const REPLIES: readonly (readonly [RegExp, string])[] = [
  [CREDENTIALS, 'rejected the credentials; correct those of the connection string'],
  [
    /\bNOPERM\b/,
    'does not let its user run scripts or write the keys of the queue; grant that user all commands on these keys',
  ],
  [/\bREADONLY\b/, 'is a read-only replica; connect to the primary'],
  [/DB index is out of range/, 'has no database with this number; correct the one in the connection string'],
  [/\b(MOVED|CROSSSLOT)\b/, 'is a node of a cluster; connect with new Cluster(nodes)'],
  [/\bOOM\b/, 'has no memory left; raise maxmemory, or delete other keys'],
  [/\bMISCONF\b/, 'cannot save to its disk and refuses writes; check its log'],
  [
    /\b(CLUSTERDOWN|MASTERDOWN|NOREPLICAS)\b/,
    'refuses writes because other servers are down; bring them back',
  ],
  [/unknown command|not allowed from script/i, 'does not run scripts; BullMQ needs EVAL and EVALSHA'],
];

export function queueFailed(message: string, cause?: unknown): PageturnError {
  return new PageturnError('ERR_QUEUE_FAILED', message, { cause });
}

/** Whether the name of a key marks the part that determines its slot (Redis, "Cluster specification", hash tags). */
function hasHashTag(key: string): boolean {
  const open = key.indexOf('{');
  return open !== -1 && key.indexOf('}', open) > open + 1;
}
