import { describe, expect, it } from 'vitest';
import type { Cursor } from '../../lib/core/cursor.js';
import { type RedisCheckpointOptions, redisCheckpoint } from '../../lib/redis/index.js';
import { describeCheckpointStore } from '../contracts/checkpoint-store.js';
import { cursorAt } from '../support/cursor-at.js';
import { manualClock } from '../support/manual-clock.js';
import { redisFor } from '../support/redis-for.js';
import { hasRedis } from '../support/start-redis.js';

const HOUR_MS = 3_600_000;

type OwnCursor = Cursor & { readonly own?: unknown; readonly gone?: undefined };

describe.skipIf(!hasRedis)('a checkpoint in Redis', () => {
  const redis = redisFor();
  describeCheckpointStore('redisCheckpoint', async () => {
    const prefix = redis.newPrefix();
    return () => redisCheckpoint(redis.server.client(), { prefix });
  });

  /**
   * A store of a process with its own connection. Its lock is never renewed unless it has another clock, and lasts
   * longer than a busy machine takes.
   */
  const storeOf = (options: RedisCheckpointOptions) =>
    redisCheckpoint<OwnCursor>(redis.server.client(), { clock: manualClock(), leaseMs: HOUR_MS, ...options });
  const hash = (prefix: string) => redis.server.client().hgetall(`${prefix}checkpoint:users`);

  it('a checkpoint in Redis is refused to another store while it is locked, and the message names the holder', async () => {
    const prefix = redis.newPrefix();
    await storeOf({ prefix }).lock('users');
    const message = new RegExp(
      `^the checkpoint "users" is in use by process ${process.pid}.*; wait for it to end; its lock expires in 3[56]\\d\\d s unless it is renewed$`,
    );
    const other = storeOf({ prefix });
    for (const call of [
      () => other.lock('users'),
      () => other.save('users', cursorAt(1)),
      () => other.clear('users'),
    ]) {
      await expect(call()).rejects.toMatchObject({
        code: 'ERR_CHECKPOINT_LOCKED',
        message: expect.stringMatching(message),
      });
    }
    expect(await other.load('users')).toBeUndefined();
  });

  it('a lock of a checkpoint in Redis lasts ten seconds by default', async () => {
    const prefix = redis.newPrefix();
    const now = async () => {
      const [seconds, microseconds] = await redis.server.client().time();
      return Number(seconds) * 1_000 + Number(microseconds) / 1_000;
    };
    const before = await now();
    await storeOf({ prefix, leaseMs: undefined }).lock('users');
    const expiresAt = Number((await hash(prefix))['expiresAt']);
    expect(expiresAt).toBeGreaterThanOrEqual(Math.floor(before) + 10_000);
    expect(expiresAt).toBeLessThanOrEqual((await now()) + 10_000);
  });

  it('a checkpoint in Redis renews its lock three times in the life of a lease', async () => {
    const prefix = redis.newPrefix();
    const clock = manualClock();
    await storeOf({ prefix, clock, leaseMs: 60_000 }).lock('users');
    const client = redis.server.client();
    for (let beat = 0; beat < 3; beat++) {
      await client.hset(`${prefix}checkpoint:users`, 'expiresAt', '1');
      await clock.advance(20_000);
      await expect
        .poll(async () => Number((await hash(prefix))['expiresAt']), { interval: 5 })
        .toBeGreaterThan(1);
      // The store may learn later than Redis that the lock was renewed.
      await expect.poll(() => clock.sleepers).toBe(1);
    }
  });

  it('a checkpoint in Redis is taken over once its lock has expired, and its former holder can neither save, clear nor release it', async () => {
    const prefix = redis.newPrefix();
    const stopped = storeOf({ prefix, leaseMs: 1 });
    const release = await stopped.lock('users');
    await stopped.save('users', cursorAt(1));
    const next = storeOf({ prefix });
    let releaseNext: (() => Promise<void>) | undefined;
    await expect.poll(async () => (releaseNext = await next.lock('users')), { interval: 2 }).toBeDefined();
    expect(await next.load('users')).toEqual(cursorAt(1));
    await next.save('users', cursorAt(2));
    const lost = {
      code: 'ERR_CHECKPOINT_LOCKED',
      message: expect.stringMatching(
        /^the checkpoint "users" is no longer locked by this process: its lock expired, and process \d+.* took it over; nothing was written since; end this run$/,
      ),
    };
    await expect(stopped.save('users', cursorAt(9))).rejects.toMatchObject(lost);
    await expect(stopped.clear('users')).rejects.toMatchObject(lost);
    await release();
    await next.save('users', cursorAt(3));
    await releaseNext?.();
    expect(await next.load('users')).toEqual(cursorAt(3));
    expect(Object.keys(await hash(prefix)).sort()).toEqual(['cursor', 'fence']);
  });

  it("a checkpoint in Redis is still the holder's after its lock expired, unless someone else took it", async () => {
    const prefix = redis.newPrefix();
    const late = storeOf({ prefix, leaseMs: 1 });
    await late.lock('users');
    await expect.poll(async () => Number((await hash(prefix))['expiresAt']) < Date.now()).toBe(true);
    await late.save('users', cursorAt(1));
    expect(await late.load('users')).toEqual(cursorAt(1));
  });

  it('a checkpoint in Redis raises the fencing token with each lock, also after everything else was deleted', async () => {
    const prefix = redis.newPrefix();
    const fences: number[] = [];
    for (let n = 0; n < 6; n++) {
      const store = storeOf({ prefix });
      const release = await store.lock('users');
      fences.push(Number((await hash(prefix))['fence']));
      if (n % 2 === 0) await store.save('users', cursorAt(n));
      else await store.clear('users');
      await release();
      if (n === 3) await redis.server.client().del(`${prefix}checkpoint:users`);
      if (n === 3) await expect.poll(() => Date.now()).toBeGreaterThan(fences[3] ?? 0);
    }
    expect(fences).toEqual([...new Set(fences)].sort((a, b) => a - b));
  });

  it('a checkpoint in Redis keeps a position until it is cleared, and a fencing token for another day', async () => {
    const prefix = redis.newPrefix();
    const client = redis.server.client();
    const ttl = () => client.pttl(`${prefix}checkpoint:users`);
    const store = storeOf({ prefix });
    const release = await store.lock('users');
    expect(await ttl()).toBeGreaterThan(80_000_000);
    await store.save('users', cursorAt(1));
    expect(await ttl()).toBe(-1);
    await store.clear('users');
    await release();
    expect(await ttl()).toBeGreaterThan(80_000_000);
  });

  it('a checkpoint in Redis takes its lock once when the answer to the first request was lost', async () => {
    const client = redis.server.client();
    let isLost = false;
    const store = redisCheckpoint(
      {
        evalsha: async (...call) => {
          const answer = await client.evalsha(...call);
          if (!isLost) {
            isLost = true;
            throw new Error('Connection is closed.');
          }
          return answer;
        },
        eval: (...call) => client.eval(...call),
      },
      { prefix: redis.newPrefix(), clock: manualClock() },
    );
    await redisCheckpoint(client).load('users');
    const release = await store.lock('users');
    expect(isLost).toBe(true);
    await store.save('users', cursorAt(1));
    await release();
  });

  it('a checkpoint in Redis is not locked after an abort', async () => {
    const prefix = redis.newPrefix();
    const signal = AbortSignal.abort('stop');
    await expect(storeOf({ prefix }).lock('users', { signal })).rejects.toBe('stop');
    const end = new AbortController();
    const store = storeOf({ prefix });
    const locking = store.lock('users', { signal: end.signal });
    end.abort('stop');
    await expect(locking).rejects.toBe('stop');
    const release = await store.lock('users');
    await release();
  });

  it('a checkpoint in Redis keeps deep fields and leaves out undefined ones', async () => {
    let deep: unknown = 'end \ud800 "ü"';
    for (let level = 0; level < 100; level++) deep = { deep, empty: '', list: [null, 1.5] };
    const store = storeOf({ prefix: redis.newPrefix() });
    await store.save('users', { ...cursorAt(1), own: deep, gone: undefined });
    expect(await store.load('users')).toEqual({ ...cursorAt(1), own: deep });
  });

  it.each([
    ['a Date', new Date(0)],
    ['NaN', Number.NaN],
    ['a Map', new Map()],
  ])('a checkpoint in Redis with %s is refused by the name of the field', async (_, own) => {
    const store = storeOf({ prefix: redis.newPrefix() });
    await expect(store.save('users', { ...cursorAt(1), own })).rejects.toThrow('cursor.own is');
  });

  it('a checkpoint in Redis that was changed to something else is refused, with advice', async () => {
    const prefix = redis.newPrefix();
    await redis.server.client().hset(`${prefix}checkpoint:users`, 'cursor', '{"version":1}');
    await expect(storeOf({ prefix }).load('users')).rejects.toMatchObject({
      code: 'ERR_CHECKPOINT_CORRUPT',
      message: expect.stringMatching(
        /^the checkpoint "users" cannot be used: .*; delete its key to start over$/,
      ),
    });
  });

  it('a checkpoint in Redis under a key of another type is an error that says what to do, whatever is called', async () => {
    const prefix = redis.newPrefix();
    await redis.server.client().set(`${prefix}checkpoint:users`, 'x');
    const store = storeOf({ prefix });
    const calls = {
      read: () => store.load('users'),
      save: () => store.save('users', cursorAt(1)),
      clear: () => store.clear('users'),
      lock: () => store.lock('users'),
    };
    for (const [action, call] of Object.entries(calls)) {
      await expect(call()).rejects.toMatchObject({
        code: 'ERR_CHECKPOINT_IO',
        message: `cannot ${action} the checkpoint "users" in Redis: its key holds something else; delete that key, or choose another prefix`,
      });
    }
  });

  it.each([
    [{ leaseMs: 0 }, 'leaseMs must be a whole number of milliseconds above 0'],
    [{ leaseMs: 0.5 }, 'leaseMs must be a whole number of milliseconds above 0'],
    [{ prefix: 5 }, 'prefix must be a text'],
    [{ lease: 5 }, 'unknown option "lease" in options of redisCheckpoint'],
  ])('redisCheckpoint refuses the options %j', (options, message) => {
    expect(() => storeOf(options as RedisCheckpointOptions)).toThrow(message);
    expect(() => redisCheckpoint('redis://localhost' as never)).toThrow(
      'redis must be a connection of ioredis',
    );
  });
});
