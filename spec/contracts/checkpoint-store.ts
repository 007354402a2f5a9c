import { describe, expect, it } from 'vitest';
import type { CheckpointStore } from '../../lib/core/checkpoint-store.js';
import { cursorAt } from '../support/cursor-at.js';

/** What every checkpoint store must do; one that locks is held to that too. `create` makes an empty one. */
export function describeCheckpointStore(name: string, create: () => Promise<CheckpointStore>): void {
  describe(`${name} as a checkpoint store`, () => {
    it('knows nothing of a key that was never saved', async () => {
      const store = await create();
      expect(await store.load('users')).toBeUndefined();
    });

    it('gives back the cursor as it was saved, fields of its owner included', async () => {
      const store = await create();
      const cursor = {
        ...cursorAt(3, { key: 'u-3', pageSize: 100, counts: { '0': 7 } }),
        outputBytes: 81_920,
      };
      await store.save('users', cursor);
      expect(await store.load('users')).toEqual(cursor);
    });

    it('keeps the cursor saved last', async () => {
      const store = await create();
      await store.save('users', cursorAt(1, { key: 'u-1' }));
      await store.save('users', cursorAt(2));
      expect(await store.load('users')).toEqual(cursorAt(2));
    });

    it('is not changed by what happens to a cursor after it was loaded', async () => {
      const store = await create();
      await store.save('users', cursorAt(1));
      Object.assign((await store.load('users')) ?? {}, { offset: 99 });
      expect(await store.load('users')).toEqual(cursorAt(1));
    });

    it('keeps keys apart, whatever they are called', async () => {
      const store = await create();
      const keys = ['users', 'queues', '', '__proto__', 'constructor', 'a/b\n"ü'];
      for (const [offset, key] of keys.entries()) await store.save(key, cursorAt(offset));
      await store.clear('queues');
      const loaded = await Promise.all(keys.map(async (key) => (await store.load(key))?.offset));
      expect(loaded).toEqual([0, undefined, 2, 3, 4, 5]);
    });

    it('forgets a cleared key, and clears one it does not know without a word', async () => {
      const store = await create();
      await store.save('users', cursorAt(1));
      await store.clear('users');
      await store.clear('users');
      expect(await store.load('users')).toBeUndefined();
    });

    it('applies saves that overlap in the order they were made', async () => {
      const store = await create();
      const saves = Array.from({ length: 20 }, (_, offset) => store.save('users', cursorAt(offset)));
      const cleared = store.clear('queues');
      await Promise.all([...saves, cleared]);
      expect(await store.load('users')).toEqual(cursorAt(19));
    });

    it('still has the cursor before when a save fails, and takes the next one', async () => {
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

    it('refuses a key that is locked until it is let go', async () => {
      const store = await create();
      const release = await store.lock?.('users');
      await expect(store.lock?.('users')).rejects.toMatchObject({ code: 'ERR_CHECKPOINT_LOCKED' });
      await release?.();
      const again = await store.lock?.('users');
      await again?.();
    });

    it('lets the holder of a lock save, clear, and lock another key', async () => {
      const store = await create();
      const releases = [await store.lock?.('users'), await store.lock?.('queues')];
      await store.save('users', cursorAt(1));
      expect(await store.load('users')).toEqual(cursorAt(1));
      await store.clear('users');
      expect(await store.load('users')).toBeUndefined();
      for (const release of releases) await release?.();
    });

    it('lets go of a lock once, however often it is told to', async () => {
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
