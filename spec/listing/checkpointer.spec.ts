import { describe, expect, it } from 'vitest';
import type { CheckpointStore } from '../../lib/core/checkpoint-store.js';
import { type Cursor, Cursor as Cursors } from '../../lib/core/cursor.js';
import { PageturnError } from '../../lib/core/errors.js';
import { queryOf } from '../../lib/core/query-of.js';
import { Scope } from '../../lib/core/scope.js';
import { seenDigest } from '../../lib/core/seen-digest.js';
import { Checkpointer } from '../../lib/listing/traversal/checkpointer.js';
import { manualClock } from '../support/manual-clock.js';

const query = queryOf('ListPeople');
const at = (offset: number, more: Partial<Cursor> = {}): Cursor => ({
  version: 2,
  offset,
  key: `p${offset}`,
  query,
  ...more,
});

/** A store that logs what is asked of it, whose methods a spec may replace. */
function loggedStore(saved?: Cursor) {
  const log: string[] = [];
  const store: CheckpointStore = {
    lock: async () => {
      log.push('lock');
      return async () => void log.push('unlock');
    },
    load: async () => saved,
    save: async (_key, { offset }) => void log.push(`save ${offset}`),
    clear: async () => void log.push('clear'),
  };
  return { store, log };
}

function checkpointerOf(store: CheckpointStore, everyMs = 1000) {
  const clock = manualClock();
  const checkpointer = new Checkpointer({ store, key: 'people', everyMs, query, chain: [], clock });
  return { checkpointer, clock };
}

describe('a checkpointer', () => {
  it('a checkpointer is due once everyMs has passed since the opening, and after each save', async () => {
    const { checkpointer, clock } = checkpointerOf(loggedStore().store);
    await checkpointer.open(new Scope());
    await clock.advance(999);
    expect(checkpointer.isDue).toBe(false);
    await clock.advance(1);
    expect(checkpointer.isDue).toBe(true);
    await checkpointer.save(at(1));
    expect(checkpointer.isDue).toBe(false);
    await clock.advance(1000);
    expect(checkpointer.isDue).toBe(true);
  });

  it('a checkpointer stays due after a save that failed', async () => {
    const { store } = loggedStore();
    const { checkpointer, clock } = checkpointerOf(store);
    await checkpointer.open(new Scope());
    await clock.advance(1000);
    store.save = () => Promise.reject(new Error('disk full'));
    await expect(checkpointer.save(at(1))).rejects.toMatchObject({ code: 'ERR_CHECKPOINT_IO' });
    expect(checkpointer.isDue).toBe(true);
  });

  it('a checkpointer saves one position after the other, even if the first save is not awaited', async () => {
    const { store, log } = loggedStore();
    const save = store.save.bind(store);
    let finish = () => {};
    store.save = async (key, cursor) => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      await save(key, cursor);
    };
    const { checkpointer } = checkpointerOf(store);
    await checkpointer.open(new Scope());
    const first = checkpointer.save(at(1));
    const second = checkpointer.save(at(2));
    await new Promise(setImmediate);
    expect(log).toEqual(['lock']);
    finish();
    await first;
    await new Promise(setImmediate);
    finish();
    await second;
    expect(log).toEqual(['lock', 'save 1', 'save 2']);
  });

  it('a checkpointer saves the next position although the save before it failed', async () => {
    const { store, log } = loggedStore();
    const save = store.save.bind(store);
    store.save = async (key, cursor) => {
      if (cursor.offset === 1) throw new Error('disk full');
      await save(key, cursor);
    };
    const { checkpointer } = checkpointerOf(store);
    await checkpointer.open(new Scope());
    const first = checkpointer.save(at(1));
    const second = checkpointer.save(at(2));
    await expect(first).rejects.toMatchObject({ code: 'ERR_CHECKPOINT_IO', cursor: at(1) });
    await second;
    expect(log).toEqual(['lock', 'save 2']);
  });

  it("a checkpointer keeps the code and message of pageturn's own errors, and adds the cursor", async () => {
    const { store } = loggedStore();
    store.save = () => Promise.reject(new PageturnError('ERR_CHECKPOINT_LOCKED', 'the lock was lost'));
    const { checkpointer } = checkpointerOf(store);
    await checkpointer.open(new Scope());
    await expect(checkpointer.save(at(4))).rejects.toMatchObject({
      code: 'ERR_CHECKPOINT_LOCKED',
      message: 'the lock was lost',
      cursor: at(4),
    });
  });

  it('a checkpointer saves the last position, or clears an exhausted one, and unlocks once', async () => {
    for (const [last, entry] of [
      [at(3), 'save 3'],
      [at(3, { exhausted: true }), 'clear'],
    ] as const) {
      const { store, log } = loggedStore();
      const { checkpointer } = checkpointerOf(store);
      await checkpointer.open(new Scope());
      await checkpointer.close(() => last);
      await checkpointer.close(() => last);
      expect(log).toEqual(['lock', entry, 'unlock']);
    }
  });

  it.each<[string, (store: CheckpointStore) => void, () => Cursor]>([
    ['the save fails', (store) => (store.save = () => Promise.reject(new Error('it broke'))), () => at(1)],
    [
      'the store cannot be cleared',
      (store) => (store.clear = () => Promise.reject(new Error('it broke'))),
      () => at(1, { exhausted: true }),
    ],
    [
      'there is no cursor',
      () => {},
      () => {
        throw new Error('it broke');
      },
    ],
  ])('a checkpointer unlocks when it closes although %s', async (_what, breakStore, last) => {
    const { store, log } = loggedStore();
    breakStore(store);
    const { checkpointer } = checkpointerOf(store);
    await checkpointer.open(new Scope());
    await expect(checkpointer.close(last)).rejects.toThrow();
    expect(log.at(-1)).toBe('unlock');
  });

  it('a checkpointer that was never opened saves and unlocks nothing', async () => {
    const { store, log } = loggedStore();
    const { checkpointer } = checkpointerOf(store);
    await checkpointer.close(() => at(1));
    expect(log).toEqual([]);
  });

  it('a checkpointer unlocks when the position cannot be loaded, and can be opened again', async () => {
    const { store, log } = loggedStore();
    const { load } = store;
    store.load = () => Promise.reject(new Error('no store'));
    const { checkpointer } = checkpointerOf(store);
    await expect(checkpointer.open(new Scope())).rejects.toThrow('no store');
    expect(log).toEqual(['lock', 'unlock']);
    store.load = load;
    expect(await checkpointer.open(new Scope())).toBeUndefined();
    await checkpointer.close(() => at(2));
    expect(log).toEqual(['lock', 'unlock', 'lock', 'save 2', 'unlock']);
  });

  it('a checkpointer releases a lock that is granted after the traversal was left', async () => {
    const { store, log } = loggedStore();
    const lock = store.lock;
    let grant = () => {};
    store.lock = async (key) => {
      await new Promise<void>((resolve) => {
        grant = resolve;
      });
      return (await lock?.(key)) ?? (async () => {});
    };
    const { checkpointer } = checkpointerOf(store);
    const scope = new Scope();
    const opening = checkpointer.open(scope);
    await new Promise(setImmediate);
    scope.leave();
    await expect(opening).rejects.toBeDefined();
    expect(log).toEqual([]);
    grant();
    await new Promise(setImmediate);
    expect(log).toEqual(['lock', 'unlock']);
    await checkpointer.close(() => at(1));
    expect(log).toEqual(['lock', 'unlock']);
  });

  it('a checkpointer returns the saved position as a cursor', async () => {
    const saved = at(2, {
      token: 't',
      seen: `${seenDigest('p1')}${seenDigest('p2')}`,
      cycle: { token: 7, steps: 1, limit: 2 },
    });
    const { store } = loggedStore(Cursors.parse(JSON.stringify(saved)));
    expect(await checkpointerOf(store).checkpointer.open(new Scope())).toEqual(saved);
  });
});
