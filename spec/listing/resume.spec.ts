import { describe, expect, it } from 'vitest';
import type { CheckpointStore } from '../../lib/core/checkpoint-store.js';
import type { Cursor } from '../../lib/core/cursor.js';
import { memoryCheckpoint } from '../../lib/listing/traversal/memory-checkpoint.js';
import type { Traversal } from '../../lib/listing/traversal/traversal.js';
import { manualClock } from '../support/manual-clock.js';
import { fail, ids, ignore, LEAVINGS, modelService, type Person, stubborn } from './model-service.js';

/** A store that logs the calls it gets. */
function watchedStore() {
  const store = memoryCheckpoint();
  const log: string[] = [];
  const at = ({ token, offset }: Cursor) => `${token ?? 'start'}+${offset}`;
  const watched: CheckpointStore = {
    lock: async (key) => {
      const unlock = await store.lock(key);
      log.push('lock');
      return async () => {
        log.push('unlock');
        await unlock();
      };
    },
    load: (key) => store.load(key),
    save: async (key, cursor) => {
      log.push(`save ${at(cursor)}`);
      await store.save(key, cursor);
    },
    clear: async (key) => {
      log.push('clear');
      await store.clear(key);
    },
  };
  return { store: watched, log };
}

function locksHeld(log: readonly string[]): number {
  const count = (entry: string) => log.filter((other) => other === entry).length;
  return count('lock') - count('unlock');
}

describe('resume', () => {
  it('resume saves the position after each page and clears it when the listing is exhausted', async () => {
    const { store, log } = watchedStore();
    const seen: Person[] = [];
    for await (const item of modelService(7).listing().resume(store)) seen.push(item);
    expect(seen).toHaveLength(7);
    expect(log).toEqual([
      'lock',
      'save name-0002+0',
      'save name-0005+0',
      'save name-0005+1',
      'clear',
      'unlock',
    ]);
  });

  it.each(LEAVINGS)('after %s, the next run starts with the item that was current', async (_how, leave) => {
    const { store, log } = watchedStore();
    const service = modelService(7);
    await leave(service.listing().resume(store));
    expect(log.slice(-2)).toEqual(['save name-0002+1', 'unlock']);
    const rest: Person[] = [];
    for await (const item of service.listing().resume(store)) rest.push(item);
    expect(ids(rest)).toEqual(['p4', 'p5', 'p6']);
    expect(await store.load('ListPeople')).toBeUndefined();
  });

  it('a failed run saves its position and continues there when it is iterated again', async () => {
    const { store, log } = watchedStore();
    const service = modelService(7);
    service.faults.set(1, fail());
    const walk = service.listing().resume(store);
    const seen: Person[] = [];
    const read = async () => {
      for await (const item of walk) seen.push(item);
    };
    await expect(read()).rejects.toMatchObject({ code: 'ERR_REQUEST_FAILED' });
    expect(log.slice(-2)).toEqual(['save name-0002+0', 'unlock']);
    expect(walk.end).toMatchObject({ reason: 'failed', error: { code: 'ERR_REQUEST_FAILED' } });
    await read();
    expect(ids(seen)).toEqual(ids(service.people));
  });

  it('a failed run accepts another loop, even after a next() call that continued it', async () => {
    const { store } = watchedStore();
    const service = modelService(8);
    service.faults.set(1, fail());
    const walk = service.listing().resume(store);
    const seen: Person[] = [];
    const read = async () => {
      for await (const item of walk) seen.push(item);
    };
    await expect(read()).rejects.toMatchObject({ code: 'ERR_REQUEST_FAILED' });
    const { value } = await walk.next();
    if (value) seen.push(value);
    await read();
    expect(ids(seen)).toEqual(ids(service.people));
  });

  it('an aborted run saves its position and throws the reason', async () => {
    const { store, log } = watchedStore();
    const service = modelService(7);
    service.faults.set(1, ignore);
    const controller = new AbortController();
    const walk = service.listing().resume(store, { signal: controller.signal });
    for (let i = 0; i < 3; i++) await walk.next();
    const waiting = walk.next();
    setImmediate(() => controller.abort(new Error('enough')));
    await expect(waiting).rejects.toThrow('enough');
    expect(log.slice(-2)).toEqual(['save name-0002+0', 'unlock']);
    expect(walk.end).toMatchObject({ reason: 'aborted' });
  });

  it.each(['lock', 'load'] as const)(
    'return() and an abort wait for a store that is slow to %s, but not for one that hangs',
    async (method) => {
      const service = modelService(7);
      for (const end of ['return', 'abort'] as const) {
        const { store, log } = watchedStore();
        const work = store[method] as (key: string) => Promise<never>;
        let finish = () => {};
        store[method] = async (key: string) => {
          await new Promise<void>((resolve) => {
            finish = resolve;
          });
          return work(key);
        };
        const controller = new AbortController();
        const clock = manualClock();
        const walk = service.listing({ clock }).resume(store, { signal: controller.signal });
        const waiting = walk.next();
        waiting.catch(() => {});
        await new Promise(setImmediate);
        if (end === 'abort') controller.abort('enough');
        const left = end === 'return' ? walk.return() : undefined;
        await clock.advance(1_000);
        await left;
        const said = await waiting.catch((reason: unknown) => reason);
        expect(said).toEqual(end === 'return' ? { value: undefined, done: true } : 'enough');
        expect(walk.end?.reason).toBe(end === 'return' ? 'stopped' : 'aborted');
        finish();
        await new Promise(setImmediate);
        expect(log).toEqual(['lock', 'unlock']);
      }
      expect(service.requests).toEqual([]);
    },
  );

  it('the end counts restarts even if the run fails at a save', async () => {
    const service = modelService(8, 2);
    service.faults.set(1, fail('token expired'));
    const isTokenRejected = (error: unknown) => error instanceof Error && error.message === 'token expired';
    const { store } = watchedStore();
    const walk = service
      .listing({ onTokenRejected: 'restart', isTokenRejected })
      .resume(store, { everyMs: 0 });
    store.save = async (_key, { token, offset }) => {
      if (token === 'name-0003' && offset === 1) throw new Error('disk full');
    };
    await expect(
      (async () => {
        for await (const _ of walk);
      })(),
    ).rejects.toMatchObject({ code: 'ERR_CHECKPOINT_IO' });
    expect(walk.end).toMatchObject({ reason: 'failed', restarts: 1 });
  });

  it('a run that ends at a limit saves its position, and the next run delivers the next items', async () => {
    const { store } = watchedStore();
    const some = modelService(7).listing().take(3);
    const chunks: string[][] = [];
    for (let i = 0; i < 3; i++) {
      const chunk: Person[] = [];
      for await (const item of some.resume(store)) chunk.push(item);
      chunks.push(ids(chunk));
    }
    expect(chunks).toEqual([['p0', 'p1', 'p2'], ['p3', 'p4', 'p5'], ['p6']]);
  });

  it('resume saves within a page once everyMs has passed', async () => {
    const { store, log } = watchedStore();
    const clock = manualClock();
    const walk = modelService(9, 9).listing({ clock }).resume(store, { everyMs: 1000 });
    for await (const { id } of walk) if (id === 'p2' || id === 'p5') await clock.advance(1000);
    expect(log).toEqual(['lock', 'save start+3', 'save start+6', 'clear', 'unlock']);
  });

  it('listings with different keys in one store do not affect each other', async () => {
    const store = memoryCheckpoint();
    const service = modelService(7);
    for await (const _ of service.listing().resume(store, { key: 'one' })) break;
    const seen: Person[] = [];
    for await (const item of service.listing().resume(store, { key: 'other' })) seen.push(item);
    expect(seen).toHaveLength(7);
    expect(await store.load('one')).toBeDefined();
  });

  it.each<[string, object, string, RegExp]>([
    [
      'another query',
      { version: 2, offset: 0, query: { operation: 'ListQueues', input: {} } },
      'ERR_CURSOR_MISMATCH',
      /another query/,
    ],
    [
      'other operators',
      { version: 2, offset: 0, chain: ['take'], query: { operation: 'ListPeople', input: {} } },
      'ERR_CURSOR_MISMATCH',
      /made with take, and this listing has none/,
    ],
    ['version 1', { version: 1 }, 'ERR_CURSOR_MISMATCH', /has version 1, and this pageturn reads version 2/],
    [
      'a listing that was exhausted',
      { version: 2, offset: 0, exhausted: true, query: { operation: 'ListPeople', input: {} } },
      'ERR_CURSOR_EXHAUSTED',
      /nothing to resume/,
    ],
  ])(
    'a checkpoint of %s is refused with advice, and the lock is released',
    async (_what, saved, code, message) => {
      const { store: watched, log } = watchedStore();
      const store = { ...watched, load: async () => saved as never };
      await expect(modelService(3).listing().resume(store).next()).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message),
      });
      await expect(modelService(3).listing().resume(store).next()).rejects.toThrow(/clear it to start over/);
      expect(log.at(-1)).toBe('unlock');
    },
  );

  it('resume refuses a second run while the first holds the lock', async () => {
    const store = memoryCheckpoint();
    const listing = modelService(7).listing();
    const first = listing.resume(store);
    await first.next();
    await expect(listing.resume(store).next()).rejects.toMatchObject({ code: 'ERR_CHECKPOINT_LOCKED' });
    await first.return();
    await expect(listing.resume(store).next()).resolves.toMatchObject({ done: false });
  });

  it.each<[string, (walk: Traversal<Person>) => Promise<unknown>]>([
    ['return() before its first item', (walk) => walk.return()],
    ['return() while it opens', (walk) => Promise.all([walk.next(), walk.return()])],
    [
      'break',
      async (walk) => {
        for await (const _ of walk) break;
      },
    ],
  ])('a run stays stopped and holds no lock after %s', async (_how, end) => {
    const { store, log } = watchedStore();
    const walk = modelService(7).listing().resume(store);
    await end(walk);
    expect(await walk.next()).toEqual({ value: undefined, done: true });
    expect(walk.end).toMatchObject({ reason: 'stopped' });
    expect(locksHeld(log)).toBe(0);
  });

  it('an exhausted run stays exhausted and releases the lock', async () => {
    const { store, log } = watchedStore();
    const walk = modelService(2).listing().resume(store);
    for await (const _ of walk);
    expect(await walk.next()).toEqual({ value: undefined, done: true });
    expect(walk.end).toMatchObject({ reason: 'exhausted' });
    expect(log.at(-1)).toBe('unlock');
  });

  it('a run that cannot start has an end that says why', async () => {
    const { store } = watchedStore();
    const listing = modelService(2).listing();
    const aborted = listing.resume(store, { signal: AbortSignal.abort('enough') });
    await expect(aborted.next()).rejects.toBe('enough');
    expect(aborted.end).toMatchObject({ reason: 'aborted', cause: 'enough' });
    const holder = listing.resume(store);
    await holder.next();
    const second = listing.resume(store);
    await expect(second.next()).rejects.toMatchObject({ code: 'ERR_CHECKPOINT_LOCKED' });
    expect(second.end).toMatchObject({ reason: 'failed', error: { code: 'ERR_CHECKPOINT_LOCKED' } });
    await holder.return();
  });

  it('resume refuses a second consumer even before the first item', async () => {
    const walk = modelService(7).listing().resume(memoryCheckpoint());
    const read = async () => {
      const seen: Person[] = [];
      for await (const item of walk) seen.push(item);
      return seen.length;
    };
    const [first, second] = await Promise.allSettled([read(), read()]);
    expect(first).toMatchObject({ value: 7 });
    expect(second).toMatchObject({ reason: { code: 'ERR_TRAVERSAL_BUSY' } });
  });

  it('the lock is released only after a save in progress has finished', async () => {
    const { store, log } = watchedStore();
    const { save } = store;
    let finish = () => {};
    store.save = async (key, cursor) => {
      if (cursor.token === undefined) return save(key, cursor);
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      store.save = save;
      log.push('slow save');
    };
    const walk = modelService(7).listing().resume(store);
    for (let i = 0; i < 3; i++) await walk.next();
    const waiting = walk.next();
    await new Promise(setImmediate);
    const left = walk.return();
    await new Promise(setImmediate);
    finish();
    await left;
    expect(await waiting).toMatchObject({ done: true });
    expect(log.slice(-3)).toEqual(['slow save', 'save name-0002+0', 'unlock']);
  });

  it('return() at any moment of the opening ends the run, even if the store never answers', async () => {
    for (let turns = 0; turns < 8; turns++) {
      const { store, log } = watchedStore();
      store.load = () => new Promise(() => {});
      const walk = modelService(3).listing().resume(store);
      const waiting = walk.next();
      for (let turn = 0; turn < turns; turn++) await null;
      await walk.return();
      expect(await waiting).toEqual({ value: undefined, done: true });
      await new Promise(setImmediate);
      expect(locksHeld(log)).toBe(0);
    }
  });

  it('an abort during a save between two items throws the reason and saves the position', async () => {
    const { store, log } = watchedStore();
    const { save } = store;
    const controller = new AbortController();
    store.save = async () => {
      store.save = save;
      controller.abort('enough');
      await new Promise(setImmediate);
    };
    const walk = modelService(3).listing().resume(store, { everyMs: 0, signal: controller.signal });
    await expect(walk.next()).rejects.toBe('enough');
    expect(walk.end).toMatchObject({ reason: 'aborted', cause: 'enough' });
    expect(log.slice(-2)).toEqual(['save start+0', 'unlock']);
  });

  describe('with an iterable that throws when it is closed', () => {
    const halves = () =>
      modelService(3)
        .listing()
        .flatMap(({ id }) => stubborn([`${id}a`, `${id}b`]));

    it('a run saves its position and releases the lock even if an iterable throws when it is closed', async () => {
      const { store, log } = watchedStore();
      const walk = halves().resume(store);
      await walk.next();
      await expect(walk.return()).rejects.toMatchObject({ cause: { message: 'not me' } });
      expect(log.slice(-2)).toEqual(['save start+0', 'unlock']);
    });

    it('a failed run throws its own error, not that of an iterable that throws when it is closed', async () => {
      const { store, log } = watchedStore();
      const walk = halves()
        .tap((half) => {
          if (half === 'p0b') throw new RangeError('too far');
        })
        .resume(store);
      await walk.next();
      await expect(walk.next()).rejects.toMatchObject({ cause: expect.any(RangeError) });
      expect(log.at(-1)).toBe('unlock');
    });
  });

  it.each(['lock', 'load'] as const)(
    'an error that %s of a store throws is passed on unchanged',
    async (method) => {
      const { store, log } = watchedStore();
      const error = new Error('no store');
      store[method] = async () => {
        throw error;
      };
      const walk = modelService(2).listing().resume(store);
      const reading = (async () => {
        for await (const _ of walk);
      })();
      await expect(reading).rejects.toBe(error);
      expect(locksHeld(log)).toBe(0);
    },
  );

  it('a run delivers no item after a save that failed, and continues with that item later', async () => {
    const { store } = watchedStore();
    const clock = manualClock();
    const save = store.save.bind(store);
    let isFull = true;
    store.save = (key, cursor) => (isFull ? Promise.reject(new Error('disk full')) : save(key, cursor));
    const walk = modelService(5).listing({ clock }).resume(store, { everyMs: 1000 });
    const seen: Person[] = [];
    const read = async () => {
      for await (const item of walk) {
        seen.push(item);
        await clock.advance(600);
      }
    };
    await expect(read()).rejects.toMatchObject({
      code: 'ERR_CHECKPOINT_IO',
      cause: expect.objectContaining({ message: 'disk full' }),
      cursor: expect.objectContaining({ key: 'p1' }),
    });
    expect(walk.end).toMatchObject({ reason: 'failed' });
    isFull = false;
    seen.length = 0;
    await read();
    expect(ids(seen)).toEqual(['p0', 'p1', 'p2', 'p3', 'p4']);
  });

  it('a store needs only three methods', async () => {
    const kept = new Map<string, Cursor>();
    const store: CheckpointStore = {
      load: async (key) => kept.get(key),
      save: async (key, cursor) => void kept.set(key, cursor),
      clear: async (key) => void kept.delete(key),
    };
    const listing = modelService(5).listing();
    for await (const { id } of listing.resume(store)) if (id === 'p3') break;
    const rest: Person[] = [];
    for await (const item of listing.resume(store)) rest.push(item);
    expect(ids(rest)).toEqual(['p3', 'p4']);
    expect(kept.size).toBe(0);
  });

  it('a negative everyMs is refused at once', () => {
    expect(() => modelService(1).listing().resume(memoryCheckpoint(), { everyMs: -1 })).toThrow(
      /everyMs must be/,
    );
  });
});
