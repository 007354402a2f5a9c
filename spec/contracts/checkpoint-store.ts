import { describe, expect, it } from 'vitest';
import type { CheckpointStore } from '../../lib/core/checkpoint-store.js';
import { fromPages } from '../../lib/from-pages.js';
import { cursorAt } from '../support/cursor-at.js';

/**
 * What every checkpoint store must do, and what one with locks must do. `createPlace` makes an empty place for checkpoints,
 * and resolves to what makes a store in it, as another process would.
 */
export function describeCheckpointStore(
  name: string,
  createPlace: () => Promise<() => CheckpointStore>,
): void {
  const create = async () => (await createPlace())();

  describe(`${name} as a checkpoint store`, () => {
    it(`${name} has no cursor for a key that was never saved`, async () => {
      const store = await create();
      expect(await store.load('users')).toBeUndefined();
    });

    it(`${name} returns the cursor as it was saved, with the fields its owner added`, async () => {
      const store = await create();
      const cursor = {
        ...cursorAt(3, { key: 'u-3', pageSize: 100, counts: { '0': 7 } }),
        outputBytes: 81_920,
      };
      await store.save('users', cursor);
      expect(await store.load('users')).toEqual(cursor);
    });

    it(`${name} keeps the cursor saved last`, async () => {
      const store = await create();
      await store.save('users', cursorAt(1, { key: 'u-1' }));
      await store.save('users', cursorAt(2));
      expect(await store.load('users')).toEqual(cursorAt(2));
    });

    it(`${name} is not affected when a loaded cursor is modified`, async () => {
      const store = await create();
      await store.save('users', cursorAt(1));
      Object.assign((await store.load('users')) ?? {}, { offset: 99 });
      expect(await store.load('users')).toEqual(cursorAt(1));
    });

    it(`${name} keeps keys with unusual names apart`, async () => {
      const store = await create();
      const keys = ['users', 'queues', '', '__proto__', 'constructor', 'a/b\n"ü'];
      for (const [offset, key] of keys.entries()) await store.save(key, cursorAt(offset));
      await store.clear('queues');
      const loaded = await Promise.all(keys.map(async (key) => (await store.load(key))?.offset));
      expect(loaded).toEqual([0, undefined, 2, 3, 4, 5]);
    });

    it(`${name} deletes a cleared key, and accepts an unknown one`, async () => {
      const store = await create();
      await store.save('users', cursorAt(1));
      await store.clear('users');
      await store.clear('users');
      expect(await store.load('users')).toBeUndefined();
    });

    it(`${name} applies overlapping saves in the order they were made`, async () => {
      const store = await create();
      const saves = Array.from({ length: 20 }, (_, offset) => store.save('users', cursorAt(offset)));
      const cleared = store.clear('queues');
      await Promise.all([...saves, cleared]);
      expect(await store.load('users')).toEqual(cursorAt(19));
    });

    it(`${name} keeps the previous cursor when a save fails, and accepts the next save`, async () => {
      const store = await create();
      await store.save('users', cursorAt(1));
      const unreadable = Object.defineProperty(cursorAt(2), 'token', {
        enumerable: true,
        get: () => {
          throw new Error('cannot be read');
        },
      });
      await expect(store.save('users', unreadable)).rejects.toThrow();
      expect(await store.load('users')).toEqual(cursorAt(1));
      await store.save('users', cursorAt(3));
      expect(await store.load('users')).toEqual(cursorAt(3));
    });

    it(`${name} lets another process resume a run where the last one was aborted`, async () => {
      const connect = await createPlace();
      const items = Array.from({ length: 50 }, (_, n) => n);
      const seen: number[] = [];
      for (let run = 0; run < 20; run++) {
        const end = new AbortController();
        const rows = fromPages(
          async (token) => {
            const at = Number(token ?? 0);
            return { items: items.slice(at, at + 10), next: at + 10 < 50 ? String(at + 10) : undefined };
          },
          { query: { operation: 'rows' } },
        );
        try {
          for await (const row of rows.resume(connect(), { key: 'rows', signal: end.signal })) {
            seen.push(row);
            if (seen.length % 7 === 0) end.abort('stop');
          }
          break;
        } catch (error) {
          expect(error).toBe('stop');
        }
      }
      expect([...new Set(seen)]).toEqual(items);
      expect(await connect().load('rows')).toBeUndefined();
    });

    it(`${name} refuses a locked key until it is released`, async () => {
      const store = await create();
      const release = await store.lock?.('users');
      await expect(store.lock?.('users')).rejects.toMatchObject({ code: 'ERR_CHECKPOINT_LOCKED' });
      await release?.();
      const again = await store.lock?.('users');
      await again?.();
    });

    it(`${name} lets the holder of a lock save and clear, and lock another key`, async () => {
      const store = await create();
      const releases = [await store.lock?.('users'), await store.lock?.('queues')];
      await store.save('users', cursorAt(1));
      expect(await store.load('users')).toEqual(cursorAt(1));
      await store.clear('users');
      expect(await store.load('users')).toBeUndefined();
      for (const release of releases) await release?.();
    });

    it.each<[string, () => readonly unknown[]]>([
      ['options that are null', () => ['users', null]],
      ['options that are a list', () => ['users', []]],
      ['a signal in place of the options', () => ['users', new AbortController().signal]],
      ['a misspelt option', () => ['users', { signals: undefined }]],
      ['a controller in place of its signal', () => ['users', { signal: new AbortController() }]],
      ['a signal that is null', () => ['users', { signal: null }]],
      ['a key that is a symbol', () => [Symbol('users')]],
      ['no key', () => []],
    ])(`${name} refuses to lock with %s, and nothing is locked`, async (_, args) => {
      const store = await create();
      const lock = async () =>
        store.lock?.(...(args() as unknown as Parameters<NonNullable<typeof store.lock>>));
      await expect(lock()).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
      const release = await store.lock?.('users');
      await release?.();
    });

    it.each([undefined, null, 7, Symbol('users'), {}])(
      `${name} refuses a key that is not a string (case %#)`,
      async (key) => {
        const store = await create();
        const refused = { code: 'ERR_INVALID_ARGUMENT' };
        await expect((async () => store.load(key as never))()).rejects.toMatchObject(refused);
        await expect((async () => store.save(key as never, cursorAt(1)))()).rejects.toMatchObject(refused);
        await expect((async () => store.clear(key as never))()).rejects.toMatchObject(refused);
      },
    );

    it(`${name} releases a lock once, however often release is called`, async () => {
      const store = await create();
      const first = await store.lock?.('users');
      await first?.();
      const second = await store.lock?.('users');
      await first?.();
      await expect(store.lock?.('users')).rejects.toMatchObject({ code: 'ERR_CHECKPOINT_LOCKED' });
      await second?.();
    });
  });
}
