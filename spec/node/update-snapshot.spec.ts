import { readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { lockFile } from '../../lib/node/files/lock-file.js';
import {
  type Change,
  changes,
  snapshot,
  type UpdateSnapshotOptions,
  updateSnapshot,
} from '../../lib/node/index.js';
import { temporaryFolders } from '../support/temporary-folders.js';

interface Item {
  readonly Id: string;
  readonly name: string;
}

let folder: string;
let path: string;
const newFolder = temporaryFolders('update');
beforeEach(async () => {
  folder = await newFolder();
  path = join(folder, 'items.snapshot');
});

const itemsOf = (count: number): Item[] =>
  Array.from({ length: count }, (_, n) => ({ Id: `i${n}`, name: `name ${n}` }));

async function* list<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

async function collect<T>(found: AsyncIterable<Change<T>>): Promise<string[]> {
  const all: string[] = [];
  for await (const { type, key } of found) all.push(`${type} ${key}`);
  return all;
}

const update = (items: readonly Item[], options?: UpdateSnapshotOptions<Item>) =>
  updateSnapshot(list(items), path, options);

/** What has changed since, without an update. */
const since = (items: readonly Item[]) => collect(changes(path, list(items)));

const [first, second, ...others] = itemsOf(10);
const changed = [{ Id: 'new', name: 'n' }, { ...(second as Item), name: 'renamed' }, ...others];
const expected = ['removed i0', 'updated i1', 'added new'];

describe('updateSnapshot', () => {
  it('updateSnapshot reports the changes since the snapshot, and replaces it', async () => {
    await snapshot(list(itemsOf(10)), path);
    expect(await collect(update(changed))).toEqual(expected);
    expect(await since(changed)).toEqual([]);
    expect(await collect(update(changed))).toEqual([]);
    expect(await readdir(folder)).toEqual(['items.snapshot']);
  });

  it('updateSnapshot adds every item if there is no snapshot', async () => {
    expect(await collect(update(itemsOf(3)))).toEqual(['added i0', 'added i1', 'added i2']);
    expect(await collect(update(itemsOf(3)))).toEqual([]);
    expect(await collect(updateSnapshot(list([]), join(folder, 'empty')))).toEqual([]);
    expect((await readdir(folder)).sort()).toEqual(['empty', 'items.snapshot']);
  });

  it('the snapshot stays as it was when the loop over its changes ends early', async () => {
    await snapshot(list(itemsOf(10)), path);
    const before = await readFile(path);
    for await (const _ of update(changed)) break;
    const throwing = async () => {
      for await (const { type } of update(changed))
        if (type === 'added') throw new Error('the target is down');
    };
    await expect(throwing()).rejects.toThrow('the target is down');
    expect(await readFile(path)).toEqual(before);
    expect(await readdir(folder)).toEqual(['items.snapshot']);
    expect(await collect(update(changed))).toEqual(expected);
  });

  it('the snapshot stays as it was when the listing fails or the run is aborted', async () => {
    await snapshot(list(itemsOf(10)), path);
    const failing = async function* () {
      yield first as Item;
      throw new Error('the service is down');
    };
    await expect(collect(updateSnapshot(failing(), path))).rejects.toThrow('the service is down');
    const abort = new AbortController();
    const aborted = async () => {
      for await (const { type } of update(changed, { signal: abort.signal }))
        if (type === 'added') abort.abort('stop');
    };
    await expect(aborted()).rejects.toBe('stop');
    expect(await since(itemsOf(10))).toEqual([]);
    expect(await readdir(folder)).toEqual(['items.snapshot']);
  });

  it('more than a fifth of the items removed is an error before the first change, unless it is allowed', async () => {
    await snapshot(list(itemsOf(10)), path);
    const found: string[] = [];
    const removing = async () => {
      for await (const { type } of update(itemsOf(7))) found.push(type);
    };
    await expect(removing()).rejects.toMatchObject({
      code: 'ERR_TOO_MANY_REMOVALS',
      message: `3 of 10 items in ${path} would be removed, more than 20 %, so nothing was reported and it is unchanged; if they are gone, pass allowRemovals: true`,
    });
    expect(found).toEqual([]);
    expect(await since(itemsOf(10))).toEqual([]);
    expect(await collect(update(itemsOf(8)))).toEqual(['removed i8', 'removed i9']);
    expect(await collect(update([], { allowRemovals: true }))).toHaveLength(8);
  });

  it('updateSnapshot takes the key and the version of snapshot and changes', async () => {
    const key = ({ name }: { name: string }) => name;
    const version = ({ rev }: { rev: number }) => rev;
    const one = { name: 'a', rev: 1, text: 'x' };
    expect(await collect(updateSnapshot(list([one]), path, { key, version }))).toEqual(['added a']);
    const same = { ...one, text: 'y' };
    expect(await collect(updateSnapshot(list([same]), path, { key, version }))).toEqual([]);
    const newer = { ...one, rev: 2 };
    expect(await collect(updateSnapshot(list([newer]), path, { key, version, chunkBytes: 1 }))).toEqual([
      'updated a',
    ]);
  });

  it('a snapshot keeps its label, and one of another label is refused', async () => {
    await collect(update(itemsOf(3), { label: 'i-1' }));
    await collect(update(itemsOf(3)));
    const other = collect(update(itemsOf(3), { label: 'i-2' }));
    await expect(other).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
    await expect(other).rejects.toThrow(`label must be that of the snapshot ${path}`);
    expect(await collect(update(itemsOf(3), { label: 'i-1' }))).toEqual([]);
  });

  it('a snapshot is updated by one process at a time, whatever link leads to it', async () => {
    await snapshot(list(itemsOf(3)), path);
    const alias = join(folder, 'alias');
    await symlink('items.snapshot', alias);
    const lock = await lockFile(path, { code: 'ERR_FILE_LOCKED', noun: 'snapshot' });
    await expect(collect(updateSnapshot(list(itemsOf(3)), alias))).rejects.toMatchObject({
      code: 'ERR_FILE_LOCKED',
    });
    await lock.release();
    expect(await collect(updateSnapshot(list(itemsOf(4)), alias))).toEqual(['added i3']);
    expect((await readdir(folder)).sort()).toEqual(['alias', 'items.snapshot']);
  });

  it('an update whose lock was taken over does not replace the snapshot', async () => {
    await snapshot(list(itemsOf(10)), path);
    const losing = async () => {
      for await (const { type } of update(changed)) if (type === 'added') await rm(`${path}.lock`);
    };
    await expect(losing()).rejects.toMatchObject({ code: 'ERR_FILE_LOCKED' });
    expect(await since(itemsOf(10))).toEqual([]);
  });

  it('a file that is not a snapshot is refused before anything is listed', async () => {
    await writeFile(path, 'mine');
    let listed = 0;
    const items = async function* () {
      listed++;
      yield first as Item;
    };
    const code = 'ERR_SNAPSHOT_CORRUPT';
    await expect(collect(updateSnapshot(items(), path))).rejects.toMatchObject({ code });
    await expect(collect(updateSnapshot(items(), folder))).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(collect(updateSnapshot(items(), join(folder, 'none', 'x')))).rejects.toMatchObject({
      code: 'ENOENT',
    });
    expect(listed).toBe(0);
    expect(await readFile(path, 'utf8')).toBe('mine');
  });

  it.each<[unknown[], string]>([
    [[[], 'x'], 'listing must be an async iterable'],
    [[list([]), ''], 'path must be the path of a file'],
    [[list([]), 'x', { allowRemovals: 1 }], 'allowRemovals must be true or false'],
    [[list([]), 'x', { version: 1 }], 'version must be a function of an item'],
    [[list([]), 'x', { key: 'Id' }], 'key must be'],
    [[list([]), 'x', { label: '' }], 'label must be a string of 1 to 100 characters'],
    [[list([]), 'x', { onLocked: 'no' }], 'onLocked must be'],
    [[list([]), 'x', { removals: true }], 'unknown option "removals"'],
  ])('updateSnapshot refuses arguments that it cannot use: %#', (values, message) => {
    const call = () => updateSnapshot(...(values as Parameters<typeof updateSnapshot>));
    expect(call).toThrow(message);
  });
});
