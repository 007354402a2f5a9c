import { assertKnownOptions } from '../core/assert-known-options.js';
import { systemClock } from '../core/clock.js';
import { invalidArgument } from '../core/errors.js';
import type { Pacer } from '../core/pacer.js';
import { mergeQuotas, type Pacers, type PacersOptions, registryOf } from '../pace/pacers.js';
import { QUOTA_OPTIONS } from '../pace/read-quota.js';
import { BucketQueue } from './bucket-queue.js';
import { assertPrefix, DEFAULT_PREFIX } from './prefix.js';
import { assertConnection, type RedisConnection } from './redis-connection.js';
import { SharedBucket } from './shared-bucket.js';
import { sharedPacer } from './shared-pacer.js';

/** Options of `redisPacers`. */
export interface RedisPacersOptions extends Omit<PacersOptions, 'clock'> {
  /**
   * The account that a request counts for if its own is unknown: one of a client whose credentials have no `accountId`, or of
   * `fromPages`. All such requests share the buckets of this account. Default `'unknown'`.
   */
  readonly defaultAccount?: string | undefined;
  /** What the keys in Redis begin with. Default `'pageturn:'`. */
  readonly prefix?: string | undefined;
}

/**
 * Pacers that all processes share: one bucket of requests per account, Region and operation, kept in Redis. Each
 * process queues its requests itself, first in, first out, and only the first one takes a place in Redis, so all
 * processes that wait get equal parts. What one of them learns from a throttle applies to all, and so does a
 * `Retry-After`. The quotas are those of `createPacers`, for all processes together; give the same to each.
 * `maxConcurrency` counts within a process.
 *
 * Throws ERR_INVALID_ARGUMENT for anything but a connection of ioredis, an unknown option and an invalid quota. While Redis
 * does not answer, no request is sent; after 30 s, or 10 s if it was never reached, the requests that wait fail with ERR_PACER_IO.
 *
 * @example
 * const pacers = redisPacers(new Redis('redis://127.0.0.1:6379'));
 * const users = listUsers(client, { InstanceId }, { pacers });
 */
export function redisPacers(redis: RedisConnection, options: RedisPacersOptions = {}): Required<Pacers> {
  assertConnection(redis);
  assertKnownOptions('options of redisPacers', options, KNOWN_OPTIONS);
  const { defaultAccount = 'unknown', prefix = DEFAULT_PREFIX, ...quotas } = options;
  if (typeof defaultAccount !== 'string') {
    throw invalidArgument('defaultAccount', 'the id or name of an account', defaultAccount);
  }
  assertPrefix(prefix);
  const pacersOf = (account: string, its: PacersOptions) =>
    registryOf(its, (operation, quota): Pacer => {
      const queue = queueOf(redis, `${prefix}pace:${account}:${operation}`, operation);
      return sharedPacer(queue, operation, quota);
    });
  const own = pacersOf(defaultAccount, quotas);
  const accounts = new Map<string, Pacers>();
  return {
    get: (operation, wanted) => own.get(operation, wanted),
    forAccount({ id = defaultAccount, place }, documented) {
      const name = `${id} ${place}`;
      // The services of an account have their own documented quotas, or none.
      const service = `${name} ${documented ? 'documented' : ''}`;
      const pacers = accounts.get(service) ?? pacersOf(name, layered(documented, quotas));
      accounts.set(service, pacers);
      return pacers;
    },
  };
}

const KNOWN_OPTIONS = [...QUOTA_OPTIONS, 'operations', 'defaultAccount', 'prefix'];

/** Quotas on top of the documented ones: what applies to all operations also applies to one with its own documented quota. */
function layered(documented: PacersOptions | undefined, quotas: PacersOptions): PacersOptions {
  const { operations: documentedOperations = {}, ...below } = documented ?? {};
  const { operations = {}, ...above } = quotas;
  const names = [...Object.keys(documentedOperations), ...Object.keys(operations)];
  return {
    ...mergeQuotas(below, above),
    operations: Object.fromEntries(
      names.map((name) => [
        name,
        mergeQuotas(documentedOperations[name] ?? {}, above, operations[name] ?? {}),
      ]),
    ),
  };
}

const queues = new WeakMap<RedisConnection, Map<string, BucketQueue>>();

/** One queue per connection and bucket, however many registries draw on it. */
function queueOf(redis: RedisConnection, key: string, operation: string): BucketQueue {
  const known = queues.get(redis) ?? new Map<string, BucketQueue>();
  queues.set(redis, known);
  const queue =
    known.get(key) ?? new BucketQueue(new SharedBucket(redis, key, operation, systemClock), systemClock);
  known.set(key, queue);
  return queue;
}
