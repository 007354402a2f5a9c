import { raceAbort } from '../core/abort.js';
import { assertKnownOptions } from '../core/assert-known-options.js';
import { checkedStore } from '../core/checked-store.js';
import type { CheckpointStore, LockKeyOptions } from '../core/checkpoint-store.js';
import { type Clock, systemClock } from '../core/clock.js';
import { Cursor } from '../core/cursor.js';
import { invalidArgument, PageturnError } from '../core/errors.js';
import { quoted } from '../core/quoted.js';
import { storableCopy } from '../node/storable-copy.js';
import { CheckpointLease, type CheckpointReply, type CheckpointRequest } from './checkpoint-lease.js';
import { CHECKPOINT_SCRIPT } from './checkpoint-script.js';
import { assertPrefix, DEFAULT_PREFIX } from './prefix.js';
import { assertConnection, type RedisConnection, runScript } from './redis-connection.js';
import { withRedisRetry } from './with-redis-retry.js';

/** Options of `redisCheckpoint`. */
export interface RedisCheckpointOptions {
  /** What the keys in Redis begin with. Default `'pageturn:'`. */
  readonly prefix?: string | undefined;
  /** How long a lock lasts without renewal, in milliseconds. Its holder renews it three times in that time. Default 10,000. */
  readonly leaseMs?: number | undefined;
  /** Times the renewals. Default: the runtime's, without keeping the process running. */
  readonly clock?: Pick<Clock, 'sleep'> | undefined;
}

/**
 * A {@link CheckpointStore} in Redis, for runs on many machines. Each key is one hash, with the cursor as JSON. A position is
 * as durable as Redis makes it: with an append-only file and `appendfsync always`, it survives a crash once `save` has resolved.
 *
 * A locked key is leased, by the clock of the server. A lease that is not renewed in time, because its holder ended or was
 * stopped, may be taken over. Each lock gets a higher fencing token, which is compared where a position is written: a holder that
 * wakes up after another took over cannot `save` or `clear`, and gets ERR_CHECKPOINT_LOCKED.
 *
 * Throws ERR_CHECKPOINT_LOCKED, which names the holder; ERR_CHECKPOINT_CORRUPT if a hash is not what was written;
 * ERR_INVALID_ARGUMENT for a field that JSON cannot hold; and ERR_CHECKPOINT_IO if Redis refuses, or does not answer for 30 s (10 s
 * if it was never reached).
 *
 * @example
 * const store = redisCheckpoint(new Redis('redis://127.0.0.1:6379'));
 * for await (const user of users.resume(store, { key: 'users', signal })) await handle(user);
 */
export function redisCheckpoint<C extends Cursor = Cursor>(
  redis: RedisConnection,
  options: RedisCheckpointOptions = {},
): Required<CheckpointStore<C>> {
  assertConnection(redis);
  assertKnownOptions('options of redisCheckpoint', options, ['prefix', 'leaseMs', 'clock']);
  const { prefix = DEFAULT_PREFIX, leaseMs = 10_000, clock } = options;
  assertPrefix(prefix);
  if (!(Number.isSafeInteger(leaseMs) && leaseMs > 0)) {
    throw invalidArgument('leaseMs', 'a whole number of milliseconds above 0', leaseMs);
  }
  return checkedStore(new RedisCheckpoint<C>(redis, { prefix, leaseMs, clock }));
}

interface Settings {
  readonly prefix: string;
  readonly leaseMs: number;
  readonly clock: Pick<Clock, 'sleep'> | undefined;
}

class RedisCheckpoint<C extends Cursor> implements CheckpointStore<C> {
  readonly #redis: RedisConnection;
  readonly #settings: Settings;
  /** The locks that this store holds. */
  readonly #leases = new Map<string, CheckpointLease>();
  /** The last of the calls, which run one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(redis: RedisConnection, settings: Settings) {
    this.#redis = redis;
    this.#settings = settings;
  }

  load(key: string): Promise<C | undefined> {
    return this.#inTurn(async () => {
      const { value } = await this.#run(key, { action: 'load' });
      if (value === undefined) return undefined;
      try {
        return Cursor.parse(value) as C;
      } catch (cause) {
        const what = `cannot be used: ${(cause as Error).message}; delete its key to start over`;
        throw new PageturnError('ERR_CHECKPOINT_CORRUPT', `${this.#describe(key)} ${what}`, { cause });
      }
    });
  }

  save(key: string, cursor: C): Promise<void> {
    return this.#inTurn(async () => {
      // A cursor that could not be loaded again is not saved.
      const text = JSON.stringify(storableCopy(Cursor.parse(cursor), 'cursor'));
      await this.#write(key, { action: 'save', cursor: text });
    });
  }

  clear(key: string): Promise<void> {
    return this.#inTurn(() => this.#write(key, { action: 'clear' }));
  }

  async lock(key: string, { signal }: LockKeyOptions = {}): Promise<() => Promise<void>> {
    signal?.throwIfAborted();
    const locking = this.#inTurn(() => this.#lock(key, signal));
    try {
      return await raceAbort(locking, signal);
    } catch (error) {
      // The lock may still be taken after the abort.
      locking.then((release) => release()).catch(() => {});
      throw error;
    }
  }

  async #lock(key: string, signal: AbortSignal | undefined): Promise<() => Promise<void>> {
    signal?.throwIfAborted();
    if (this.#leases.has(key)) {
      throw this.#locked(
        key,
        'is in use by another traversal of this store; wait for it to end, or use another key',
      );
    }
    const { leaseMs, clock } = this.#settings;
    const taken = await CheckpointLease.take({ leaseMs, clock, run: (request) => this.#run(key, request) });
    if (!(taken instanceof CheckpointLease)) throw this.#lockedBy(key, taken);
    this.#leases.set(key, taken);
    return () =>
      this.#inTurn(async () => {
        if (this.#leases.get(key) !== taken) return;
        this.#leases.delete(key);
        await taken.release();
      });
  }

  /** Writes if this store holds the lock, or no one does. */
  async #write(key: string, request: CheckpointRequest): Promise<void> {
    const reply = await this.#run(key, { ...request, ...this.#leases.get(key)?.proof });
    if (!reply.tookEffect) throw this.#lockedBy(key, reply);
  }

  async #run(key: string, request: CheckpointRequest): Promise<CheckpointReply> {
    const { prefix } = this.#settings;
    const call = () =>
      runScript(this.#redis, CHECKPOINT_SCRIPT, `${prefix}checkpoint:${key}`, JSON.stringify(request));
    const reply = await withRedisRetry(call, {
      redis: this.#redis,
      code: 'ERR_CHECKPOINT_IO',
      action: `cannot ${request.action === 'load' ? 'read' : request.action} ${this.#describe(key)}`,
      clock: systemClock,
    });
    const [tookEffect, value, leftMs] = reply as readonly [number, string | null, number | undefined];
    return { tookEffect: tookEffect === 1, value: value ?? undefined, leftMs: leftMs ?? 0 };
  }

  #lockedBy(key: string, { value: who = 'another process', leftMs }: CheckpointReply): PageturnError {
    if (this.#leases.has(key)) {
      return this.#locked(
        key,
        `is no longer locked by this process: its lock expired, and ${who} took it over; nothing was written since; end this run`,
      );
    }
    const advice =
      leftMs > 0
        ? `wait for it to end; its lock expires in ${Math.ceil(leftMs / 1000)} s unless it is renewed`
        : 'try again';
    return this.#locked(key, `is in use by ${who}; ${advice}`);
  }

  #locked(key: string, what: string): PageturnError {
    return new PageturnError('ERR_CHECKPOINT_LOCKED', `${this.#describe(key)} ${what}`);
  }

  #describe(key: string): string {
    return `the checkpoint ${quoted(key)}`;
  }

  #inTurn<R>(work: () => Promise<R>): Promise<R> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }
}
