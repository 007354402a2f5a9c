import type { Redis, RedisOptions } from 'ioredis';
import { invalidArgument, PageturnError } from '../core/errors.js';
import { loadPeer } from '../core/load-peer.js';
import { MAX_UNANSWERED_MS } from '../request/retry-limits.js';

/** A URL such as `redis://localhost:6379` or `rediss://user:password@host:6380/1`, the options of ioredis, or an ioredis connection. */
export type QueueConnection = string | Omit<RedisOptions, 'replyMapping'> | Redis;

/** A connection that answers. */
export interface OpenConnection {
  readonly redis: Redis;
  /** Ends it, unless it is the caller's own. */
  close(): void;
}

/**
 * Connects, and checks what answers. Rejects with ERR_QUEUE_FAILED if Redis is not reached within ten seconds, rejects the
 * credentials, or is too old. Once connected, a lost connection is opened again for as long as it takes.
 */
export async function openConnection(connection: QueueConnection, neededBy: string): Promise<OpenConnection> {
  const { Redis } = await loadPeer(
    { neededBy, name: 'ioredis', code: 'ERR_QUEUE_FAILED' },
    () => import('ioredis'),
  );
  // BullMQ waits for as long as Redis is away.
  const patient = { maxRetriesPerRequest: null };
  let redis: Redis;
  let isOwn = true;
  if (typeof connection === 'string') redis = new Redis(readUrl(connection), patient);
  else if (isRedis(connection)) {
    isOwn = connection.options.maxRetriesPerRequest !== null;
    redis = isOwn ? connection.duplicate(patient) : connection;
  } else if (typeof connection === 'object' && connection !== null)
    redis = new Redis({ ...connection, ...patient });
  else throw invalidArgument('connection', EXPECTED, connection);
  // Without a listener, ioredis prints each failed attempt.
  redis.on('error', () => {});
  const close = () => {
    if (isOwn) redis.disconnect();
  };
  try {
    await untilReady(redis);
    await assertVersion(redis);
  } catch (error) {
    close();
    throw error;
  }
  return { redis, close };
}

const EXPECTED = 'a URL such as redis://localhost:6379, or a connection of ioredis';

function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'redis:' || url.protocol === 'rediss:') && url.hostname !== '') return text;
  // It may contain a password, so it is not shown.
  throw new PageturnError(
    'ERR_INVALID_ARGUMENT',
    `connection must be ${EXPECTED}; the text received is not such a URL`,
  );
}

function isRedis(connection: unknown): connection is Redis {
  return typeof (connection as Partial<Redis> | null)?.duplicate === 'function';
}

function untilReady(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return Promise.resolve();
  return new Promise((resolve, reject) => {
    let last: unknown;
    const settle = (error?: PageturnError) => {
      clearTimeout(timer);
      redis.off('ready', onReady).off('error', onError);
      error ? reject(error) : resolve();
    };
    const onReady = () => settle();
    const onError = (error: Error) => {
      last = error;
      if (REFUSED.test(error.message)) settle(refused(redis, error));
    };
    const timer = setTimeout(() => {
      const { code = 'no answer' } = (last ?? {}) as { readonly code?: string };
      const advice = 'check the connection string, and that Redis runs';
      settle(failed(`cannot reach Redis at ${placeOf(redis)} (${code}); ${advice}`, last));
    }, MAX_UNANSWERED_MS);
    redis.once('ready', onReady).on('error', onError);
    if (redis.status === 'wait') redis.connect().catch(() => {});
  });
}

/** How Redis rejects credentials ("ACL" and "AUTH" in its documentation). */
const REFUSED = /\b(WRONGPASS|NOAUTH|NOPERM)\b|invalid (username-password|password)/;

function refused(redis: Redis, cause: unknown): PageturnError {
  return failed(
    `Redis at ${placeOf(redis)} rejected the credentials; correct those of the connection string`,
    cause,
  );
}

async function assertVersion(redis: Redis): Promise<void> {
  const info = await redis.info('server').catch((error: unknown) => {
    throw refused(redis, error);
  });
  const [, version = 'unknown', major = '0'] = /redis_version:((\d+)[.\d]*)/.exec(info) ?? [];
  if (Number(major) >= OLDEST_MAJOR) return;
  throw failed(
    `Redis at ${placeOf(redis)} has version ${version}, and BullMQ needs ${OLDEST_MAJOR}.0 or later; update it`,
  );
}

/** `RedisConnection.minimumVersion` of BullMQ 6. */
const OLDEST_MAJOR = 5;

function placeOf({ options }: Redis): string {
  return options.path ?? `${options.host}:${options.port}`;
}

function failed(message: string, cause?: unknown): PageturnError {
  return new PageturnError('ERR_QUEUE_FAILED', message, { cause });
}
