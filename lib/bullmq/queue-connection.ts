import type { Cluster, Redis } from 'ioredis';
import { onAbort } from '../core/abort.js';
import { describeValue, type PageturnError } from '../core/errors.js';
import { loadPeer } from '../core/load-peer.js';
import { MAX_UNANSWERED_MS } from '../request/retry-limits.js';
import { checkRedis, isCredentialReply, type QueueKeys, queueFailed, redisRefused } from './check-redis.js';
import { assertNoKeyPrefix, type QueueConnection, readConnection } from './read-connection.js';

/** A connection that answers. */
export interface OpenConnection {
  readonly redis: Redis | Cluster;
  /** Where it leads, such as `localhost:6379`. */
  readonly place: string;
  /** Ends it, unless it is the caller's own. */
  close(): void;
}

export interface OpenConnectionOptions extends QueueKeys {
  /** What needs the connection, such as `drainQueue()`. */
  readonly neededBy: string;
  /** Called once if Redis does not answer at once, with what is waited for and why, and for how long at most. */
  readonly onWaiting?: ((what: string, forMs: number) => void) | undefined;
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Connects, and checks what answers. Rejects with ERR_QUEUE_FAILED if Redis is not reached within ten seconds, rejects the
 * credentials, is too old, or cannot keep a queue. Once connected, a lost connection is opened again for as long as it takes.
 */
export async function openConnection(
  connection: QueueConnection,
  { neededBy, onWaiting, signal, ...keys }: OpenConnectionOptions,
): Promise<OpenConnection> {
  const read = readConnection(connection);
  const ioredis = await loadPeer(
    { neededBy, name: 'ioredis', code: 'ERR_QUEUE_FAILED' },
    () => import('ioredis'),
  );
  const { redis, isOwn } = connect(ioredis, read);
  // Without a listener, ioredis prints each failed attempt.
  redis.on('error', () => {});
  const close = () => {
    if (isOwn) redis.disconnect();
  };
  const place = placeOf(redis);
  try {
    await untilReady(redis, place, { onWaiting, signal });
    await checkRedis(redis, keys, place);
  } catch (error) {
    close();
    throw error;
  }
  return { redis, place, close };
}

interface Connected {
  readonly redis: Redis | Cluster;
  readonly isOwn: boolean;
}

function connect(
  { Redis }: Pick<typeof import('ioredis'), 'Redis'>,
  read: ReturnType<typeof readConnection>,
): Connected {
  // BullMQ waits for as long as Redis is away.
  const patient = { maxRetriesPerRequest: null };
  if ('url' in read) return { redis: new Redis(read.url, patient), isOwn: true };
  if ('options' in read) return { redis: new Redis({ ...read.options, ...patient }), isOwn: true };
  const { redis } = read;
  if (isCluster(redis)) {
    const { redisOptions } = redis.options;
    assertNoKeyPrefix(redis.options.keyPrefix ?? redisOptions?.keyPrefix);
    if (redisOptions?.maxRetriesPerRequest === null) return { redis, isOwn: false };
    return { redis: redis.duplicate([], { redisOptions: patient }), isOwn: true };
  }
  assertNoKeyPrefix(redis.options.keyPrefix);
  if (redis.options.maxRetriesPerRequest === null) return { redis, isOwn: false };
  return { redis: redis.duplicate(patient), isOwn: true };
}

function untilReady(
  redis: Redis | Cluster,
  place: string,
  { onWaiting, signal }: Pick<OpenConnectionOptions, 'onWaiting' | 'signal'>,
): Promise<void> {
  if (redis.status === 'ready') return Promise.resolve();
  if (redis.status === 'end') return Promise.reject(closed(place, undefined));
  if (signal?.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    let last: unknown;
    const settle = (error?: unknown) => {
      clearTimeout(timer);
      clearTimeout(waiting);
      unlink?.();
      redis.off('ready', onReady).off('end', onEnd).off('error', onError);
      error === undefined ? resolve() : reject(error);
    };
    const onReady = () => settle();
    const onEnd = () => settle(closed(place, last));
    const onError = (error: Error) => {
      last = error;
      if (isCredentialReply(error.message)) settle(redisRefused(place, error));
      else report();
    };
    let isReported = false;
    const report = () => {
      if (!isReported) onWaiting?.(`Redis at ${place} (${reasonOf(last)})`, MAX_UNANSWERED_MS);
      isReported = true;
    };
    const waiting = setTimeout(report, SILENCE_MS);
    const timer = setTimeout(() => {
      settle(
        queueFailed(`cannot reach Redis at ${place} (${reasonOf(last)}); ${adviceFor(redis, last)}`, last),
      );
    }, MAX_UNANSWERED_MS);
    const unlink = signal && onAbort(signal, settle);
    redis.once('ready', onReady).once('end', onEnd).on('error', onError);
    if (redis.status === 'wait') redis.connect().catch(() => {});
  });
}

/** The connection was ended for good: by its owner, or because its retryStrategy gave up. */
function closed(place: string, cause: unknown): PageturnError {
  return queueFailed(`the connection to Redis at ${place} was closed; pass an open one`, cause);
}

/** A connection to another continent takes less. */
const SILENCE_MS = 1_000;

function reasonOf(error: unknown): string {
  const { code = 'no answer' } = Object(error) as { readonly code?: string };
  return code;
}

function adviceFor(redis: Redis | Cluster, error: unknown): string {
  const runs = 'and that Redis runs';
  if (reasonOf(error) !== 'no answer') return `check the connection string, ${runs}`;
  const tls = !isCluster(redis) && redis.options.tls !== undefined;
  return tls
    ? `check that it speaks TLS there (rediss://), ${runs}`
    : `check the connection string (rediss:// for TLS), ${runs}`;
}

function placeOf(redis: Redis | Cluster): string {
  if (isCluster(redis)) return 'the nodes of the cluster';
  const { path, host, port, sentinels, name } = redis.options;
  return sentinels ? `the sentinels of ${describeValue(name)}` : (path ?? `${host}:${port}`);
}

function isCluster(redis: Redis | Cluster): redis is Cluster {
  return 'isCluster' in redis && redis.isCluster === true;
}
