import { describe, expect, it } from 'vitest';
import type { CheckpointStore } from '../../lib/core/checkpoint-store.js';
import { memoryCheckpoint } from '../../lib/listing/traversal/memory-checkpoint.js';
import { manualClock } from '../support/manual-clock.js';
import { fail, ids, modelService } from './model-service.js';

const never = () => new Promise<never>(() => {});
const settled = () => new Promise(setImmediate);

/** A store whose first saves fail. */
function failingStore(failures: number): CheckpointStore {
  const store = memoryCheckpoint();
  let left = failures;
  return {
    ...store,
    save: (key, cursor) => (left-- > 0 ? Promise.reject(new Error('disk full')) : store.save(key, cursor)),
  };
}

describe('a resumed traversal whose store fails', () => {
  it.each(['save', 'clear'] as const)(
    'a resumed traversal rejects after an abort although %s of its store hangs',
    async (method) => {
      const clock = manualClock();
      const controller = new AbortController();
      const store = { ...memoryCheckpoint(), [method]: never };
      const walk = modelService(2)
        .listing({ clock })
        .resume(store, { everyMs: method === 'save' ? 0 : 5_000, signal: controller.signal });
      const read = (async () => {
        for await (const _ of walk);
      })();
      read.catch(() => {});
      for (let turn = 0; turn < 5; turn++) await settled();
      controller.abort('enough');
      await clock.advance(1_000);
      if (method === 'save') await expect(read).rejects.toBe('enough');
      expect(walk.end?.reason).toBe(method === 'save' ? 'aborted' : 'exhausted');
      expect(clock.sleepers).toBe(0);
    },
  );

  it('an abort settles although the save at a limit hangs', async () => {
    const clock = manualClock();
    const controller = new AbortController();
    const store = { ...memoryCheckpoint(), save: never };
    const walk = modelService(3).listing({ clock }).take(1).resume(store, { signal: controller.signal });
    await walk.next();
    const end = walk.next();
    end.catch(() => {});
    await settled();
    controller.abort('enough');
    await clock.advance(1_000);
    await expect(end).rejects.toBe('enough');
  });

  it('an abort settles a return() whose save hangs', async () => {
    const clock = manualClock();
    const controller = new AbortController();
    const store = { ...memoryCheckpoint(), save: never };
    const walk = modelService(3).listing({ clock }).resume(store, { signal: controller.signal });
    await walk.next();
    const left = walk.return();
    left.catch(() => {});
    await settled();
    controller.abort('enough');
    await clock.advance(1_000);
    await expect(left).rejects.toBe('enough');
    expect(clock.sleepers).toBe(0);
  });

  it.each(['abort', 'return'] as const)(
    'a lock that is granted late is released before %s settles, so that an immediate resume gets it',
    async (end) => {
      const store = memoryCheckpoint();
      const slow: CheckpointStore = {
        ...store,
        lock: async (key) => {
          for (let turn = 0; turn < 4; turn++) await settled();
          return store.lock(key);
        },
      };
      const listing = modelService(3).listing();
      for (let turns = 0; turns < 8; turns++) {
        const controller = new AbortController();
        const walk = listing.resume(slow, { signal: controller.signal });
        walk.next().catch(() => {});
        for (let turn = 0; turn < turns; turn++) await settled();
        if (end === 'abort') controller.abort('enough');
        await (end === 'abort' ? expect(walk.next()).rejects.toBe('enough') : walk.return());
        await (await store.lock('ListPeople'))();
      }
    },
  );

  it('a store that waits for a lock is stopped by an abort', async () => {
    const controller = new AbortController();
    const store: CheckpointStore = {
      ...memoryCheckpoint(),
      lock: (_key, { signal } = {}) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(new Error('not wanted')));
        }),
    };
    const walk = modelService(3).listing().resume(store, { signal: controller.signal });
    const first = walk.next();
    await settled();
    controller.abort('enough');
    await expect(first).rejects.toBe('enough');
  });

  it('a traversal delivers nothing beyond a limit that was reached before a save failed', async () => {
    const walk = modelService(6, 1).listing().take(2).resume(failingStore(1), { everyMs: 1e9 });
    const seen: string[] = [];
    const read = async () => {
      for await (const { id } of walk) seen.push(id);
    };
    await expect(read()).rejects.toMatchObject({ code: 'ERR_CHECKPOINT_IO' });
    await read();
    const rest: string[] = [];
    expect([seen, rest, walk.end?.reason]).toEqual([['p0', 'p1'], [], 'limit']);
  });

  it('a traversal delivers an item again whose save failed, even if the limit is reached by then', async () => {
    const walk = modelService(6, 3)
      .listing()
      .take(3)
      .batch(3)
      .flatMap((batch) => [...batch])
      .resume(failingStore(1), { everyMs: 0 });
    await expect(walk.next()).rejects.toMatchObject({ code: 'ERR_CHECKPOINT_IO' });
    const seen: string[] = [];
    for await (const { id } of walk) seen.push(id);
    expect([seen, walk.end?.reason]).toEqual([['p0', 'p1', 'p2'], 'limit']);
  });

  it.each<['clear' | 'lock', string, number | undefined]>([
    ['clear', 'the checkpoint could not be cleared', undefined],
    ['lock', 'the checkpoint could not be unlocked', undefined],
    ['lock', 'the checkpoint could not be unlocked', 2],
  ])('a traversal reports the right end although %s fails: %s (take %j)', async (method, message, limit) => {
    const cause = new Error('disk full');
    const broken = async () => Promise.reject(cause);
    const store = { ...memoryCheckpoint(), [method]: method === 'lock' ? async () => broken : broken };
    const service = modelService(4, 4);
    const walk = service
      .listing()
      .take(limit ?? 9)
      .resume(store, { everyMs: 1e9 });
    const seen: string[] = [];
    const read = async () => {
      for await (const { id } of walk) seen.push(id);
    };
    const error = await read().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ERR_CHECKPOINT_IO', message, cause, cursor: walk.cursor });
    expect(seen).toHaveLength(limit ?? 4);
    expect(walk.end?.reason).toBe(limit === undefined ? 'exhausted' : 'limit');
    expect(await walk.next()).toEqual({ value: undefined, done: true });
  });

  it('a traversal closes the iterables of a flatMap before it restarts at its checkpoint', async () => {
    let open = 0;
    let failures = 1;
    const walk = modelService(3)
      .listing()
      .flatMap(function* ({ id }) {
        open++;
        try {
          yield `${id}a`;
          yield `${id}b`;
        } finally {
          open--;
        }
      })
      .mapAsync(async (half) => {
        if (half === 'p1a' && failures-- > 0) throw new Error('not this time');
        return half;
      })
      .resume(memoryCheckpoint());
    const read = async () => {
      for await (const _ of walk);
    };
    await expect(read()).rejects.toMatchObject({ code: 'ERR_CALLBACK_FAILED' });
    await read();
    expect([walk.end?.reason, open]).toEqual(['exhausted', 0]);
  });

  it('a traversal has saved its position and released its lock once any call of return() resolves', async () => {
    const store = memoryCheckpoint();
    const listing = modelService(7).listing();
    const walk = listing.resume(store);
    await walk.next();
    const first = walk.return();
    await walk.return();
    await expect(listing.resume(store).next()).resolves.toMatchObject({ done: false });
    await first;
  });

  it('the stats of a traversal include what it did before a failure', async () => {
    const service = modelService(9);
    service.faults.set(1, fail());
    const walk = service.listing().resume(memoryCheckpoint());
    const seen: string[] = [];
    const read = async () => {
      for await (const { id } of walk) seen.push(id);
    };
    await expect(read()).rejects.toMatchObject({ code: 'ERR_REQUEST_FAILED' });
    await read();
    expect(seen).toEqual(ids(service.people));
    expect(walk.stats).toMatchObject({ pages: 3, itemsSeen: 9, itemsYielded: 9 });
  });
});

describe('a listing that starts over', () => {
  const isTokenRejected = (error: unknown) => error instanceof Error && error.message === 'token expired';

  it('a listing keeps starting over as long as each try gets further, also with pages read ahead', async () => {
    const service = modelService(16, 2);
    for (const number of [3, 8]) service.faults.set(number, fail('token expired'));
    const walk = service.listing({ onTokenRejected: 'restart', isTokenRejected }).prefetch(6).open();
    const seen = new Set<string>();
    for await (const { id } of walk) {
      seen.add(id);
      for (let turn = 0; turn < 3; turn++) await settled();
    }
    expect(seen.size).toBe(16);
    expect(walk.end).toMatchObject({ reason: 'exhausted', restarts: 2 });
  });

  it('a listing that starts over delivers its first page whole, whatever a cursor without digests said', async () => {
    const service = modelService(6, 3);
    service.faults.set(0, fail('token expired'));
    const listing = service.listing({ onTokenRejected: 'restart', isTokenRejected });
    const { query } = listing.open().cursor;
    const from = { version: 2, token: 'dead', offset: 2, key: 'p1', query } as const;
    const seen: string[] = [];
    for await (const { id } of listing.open({ from })) seen.push(id);
    expect(seen).toEqual(ids(service.people));
  });
});
