import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { fromPages } from '../../lib/from-pages.js';
import { changes } from '../../lib/node/snapshot/changes.js';
import { snapshot } from '../../lib/node/snapshot/snapshot.js';
import { readSummary } from '../../lib/node/snapshot/snapshot-file.js';
import { scriptPath } from '../support/script.js';
import { temporaryFolders } from '../support/temporary-folders.js';

let folder: string;
let path: string;
const newFolder = temporaryFolders('snapshot');
beforeEach(async () => {
  folder = await newFolder();
  path = join(folder, 'users.snapshot');
});

interface User {
  readonly Id: string;
  readonly Username?: string;
}

async function* listing<T>(items: Iterable<T>, error?: unknown): AsyncGenerator<T> {
  yield* items;
  if (error !== undefined) throw error;
}

/** Users u-0, u-1, ..., each `step` apart in a circle: all of them, in no order. */
function scrambled(size: number, step: number): User[] {
  return Array.from({ length: size }, (_, i) => ({ Id: `u-${(i * step) % size}` }));
}

/** The lines of a snapshot as `zcat` shows them: the header, then the rows. */
async function readLines(): Promise<unknown[]> {
  const text = gunzipSync(await readFile(path)).toString();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('a snapshot', () => {
  it('a snapshot holds each item once, sorted by key, as gzipped JSON lines below a header', async () => {
    const users = [{ Id: 'u-2' }, { Id: 'u-1', Username: 'ada' }, { Id: 'u-3' }];
    const { size, summary } = await snapshot(listing(users), path).then(async (summary) => ({
      summary,
      size: (await stat(path)).size,
    }));
    expect(summary).toEqual({ path, items: 3, repeated: 0, bytes: size });
    const [header, ...rows] = await readLines();
    expect(header).toMatchObject({ pageturn: 'snapshot', version: 1, items: 3 });
    expect(rows).toEqual([
      ['u-1', { Id: 'u-1', Username: 'ada' }],
      ['u-2', { Id: 'u-2' }],
      ['u-3', { Id: 'u-3' }],
    ]);
  });

  it('a snapshot holds the label it was given', async () => {
    await snapshot(listing([{ Id: 'u-1' }]), path, { label: 'instance é' });
    expect((await readLines())[0]).toMatchObject({ items: 1, label: 'instance é' });
    expect(await readSummary(path)).toEqual({ items: 1, label: 'instance é' });
    await snapshot(listing([{ Id: 'u-1' }]), path);
    expect(await readSummary(path)).toEqual({ items: 1, label: undefined });
  });

  it.each(['', 'x'.repeat(101), 7 as never])('a snapshot refuses the label %j', async (label) => {
    await expect(snapshot(listing([{ Id: 'u-1' }]), path, { label })).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      message: expect.stringContaining('label'),
    });
  });

  it('a snapshot is the same file whether it was sorted in memory or through the disk', async () => {
    const users = scrambled(1_000, 7);
    await snapshot(listing(users), path);
    const inMemory = await readFile(path);
    await snapshot(listing(users), path, { chunkBytes: 500 });
    expect(await readFile(path)).toEqual(inMemory);
    expect(await readdir(folder)).toEqual(['users.snapshot']);
  });

  it.each([1_048_576, 1])(
    'a snapshot keeps the last version of an item that came several times, and counts the repeats (chunks of %i bytes)',
    async (chunkBytes) => {
      const users = [
        { Id: 'u-1', Username: 'old' },
        { Id: 'u-2' },
        { Id: 'u-1', Username: 'newer' },
        { Id: 'u-1', Username: 'newest' },
      ];
      const summary = await snapshot(listing(users), path, { chunkBytes });
      expect(summary).toMatchObject({ items: 2, repeated: 2 });
      expect((await readLines()).slice(1)).toEqual([
        ['u-1', { Id: 'u-1', Username: 'newest' }],
        ['u-2', { Id: 'u-2' }],
      ]);
    },
  );

  it('a snapshot of an empty listing is valid', async () => {
    expect(await snapshot(listing([]), path)).toMatchObject({ items: 0 });
    expect(await readLines()).toMatchObject([{ items: 0 }]);
  });

  it('only its owner can read a snapshot', async () => {
    await snapshot(listing([{ Id: 'u-1' }]), path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('a snapshot is sorted by the given key, by default Id, Arn, id or arn', async () => {
    await snapshot(listing([{ Arn: 'arn:b' }, { id: 'a' }, { Id: 'c', Arn: 'x' }, { arn: 'd' }]), path);
    expect((await readLines()).slice(1).map((row) => (row as [string])[0])).toEqual(['a', 'arn:b', 'c', 'd']);
    await snapshot(listing([{ Id: 'u-1', Username: 'ada' }]), path, { key: ({ Username }) => Username });
    expect((await readLines()).slice(1)).toEqual([['ada', { Id: 'u-1', Username: 'ada' }]]);
  });
});

describe('the key of an item in a snapshot', () => {
  const keys = async () => (await readLines()).slice(1).map((row) => (row as [string])[0]);

  it('a numeric identifier is a key in a snapshot, 0 included', async () => {
    await snapshot(listing([{ id: 10 }, { id: 0 }, { id: 9 }, { Id: '', id: 1.5 }]), path);
    expect(await keys()).toEqual(['0', '1.5', '10', '9']);
  });

  it('an item that is a string or a number is its own key in a snapshot', async () => {
    await snapshot(listing<unknown>(['b', 'a', 7]), path);
    expect(await keys()).toEqual(['7', 'a', 'b']);
  });

  it('the key function of a snapshot may return a number or a bigint', async () => {
    const users = [{ n: 2 }, { n: 1 }];
    await snapshot(listing(users), path, { key: ({ n }) => n });
    expect(await keys()).toEqual(['1', '2']);
    await snapshot(listing(users), path, { key: ({ n }) => 10n ** 20n * BigInt(n) });
    expect(await keys()).toEqual(['100000000000000000000', '200000000000000000000']);
  });
});

describe('a snapshot that cannot be completed', () => {
  it.each([1_048_576, 100])(
    'a snapshot of a listing that fails leaves the folder unchanged (chunks of %i bytes)',
    async (chunkBytes) => {
      await snapshot(listing([{ Id: 'u-1' }]), path);
      const before = await readFile(path);
      const failure = new Error('the listing broke');
      await expect(snapshot(listing(scrambled(100, 3), failure), path, { chunkBytes })).rejects.toBe(failure);
      expect(await readdir(folder)).toEqual(['users.snapshot']);
      expect(await readFile(path)).toEqual(before);
    },
  );

  it('a snapshot rejects with the reason of an abort, even if that is not an error', async () => {
    await expect(snapshot(listing([{ Id: 'u-1' }], 'enough'), path)).rejects.toBe('enough');
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([{ Username: 'ada' }, { Id: '' }, { id: Number.NaN }, { id: 2 ** 53 }, null, ''])(
    'a snapshot refuses an item without an identifier: %j',
    async (item) => {
      await expect(snapshot(listing([item]), path)).rejects.toMatchObject({
        code: 'ERR_INVALID_ARGUMENT',
        message: expect.stringMatching(/no usable Id, Arn, id or arn .*; pass the option key$/),
      });
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('a snapshot refuses an empty key, and names it', async () => {
    await expect(snapshot(listing([{ Id: 'u-1' }]), path, { key: () => '' })).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      message: expect.stringMatching(/^what key returns must be a non-empty string, .* received ""$/),
    });
  });

  it('a snapshot fails with ERR_CALLBACK_FAILED when key throws', async () => {
    const cause = new Error('no such field');
    const key = () => {
      throw cause;
    };
    await expect(snapshot(listing([{ Id: 'u-1' }]), path, { key })).rejects.toMatchObject({
      code: 'ERR_CALLBACK_FAILED',
      cause,
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('a snapshot refuses an item that JSON cannot express', async () => {
    const ring: { Id: string; self?: unknown } = { Id: 'u-1' };
    ring.self = ring;
    const deep = { Id: 'u-2', a: JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) };
    for (const item of [ring, deep]) {
      await expect(snapshot(listing<object>([item]), path)).rejects.toMatchObject({
        code: 'ERR_INVALID_ARGUMENT',
        message: expect.stringContaining('cannot be written as JSON'),
        cause: expect.any(Error),
      });
    }
    for (const value of [new URLSearchParams('a=1'), /a/, Promise.resolve(1), new Blob([]), new Error('x')]) {
      await expect(snapshot(listing<object>([{ Id: 'u-3', in: [value] }]), path)).rejects.toMatchObject({
        code: 'ERR_INVALID_ARGUMENT',
        message: expect.stringMatching(
          /^item\.in\.0 must be data that a snapshot can keep, received an? [A-Z]\w+$/,
        ),
      });
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it('a snapshot refuses two different items of one page with one identifier, unless key tells them apart', async () => {
    const rows = [
      { id: 'order-1', line: 1 },
      { id: 'order-1', line: 2 },
    ];
    const table = fromPages(async () => ({ items: rows, next: undefined }));
    const refusal = {
      code: 'ERR_INVALID_ARGUMENT',
      message: expect.stringMatching(/^two different items of one page .*; pass the option key$/),
    };
    await expect(snapshot(table, path)).rejects.toMatchObject(refusal);
    expect(await readdir(folder)).toEqual([]);
    await snapshot(table, path, { key: ({ id, line }) => `${id} ${line}` });
    expect((await readLines()).slice(1)).toHaveLength(2);
    await expect(changes(path, table).next()).rejects.toMatchObject(refusal);
  });

  it('a snapshot refuses two different items in a row with one identifier where a listing has no pages', async () => {
    const rows = [
      { id: 'order-1', line: 1 },
      { id: 'order-1', line: 2 },
    ];
    const table = fromPages(async () => ({ items: rows, next: undefined }));
    for (const source of [
      table.mapAsync(async (row) => row),
      table.batch(1).flatMap((batch) => batch.slice()),
    ]) {
      await expect(snapshot(source, path)).rejects.toMatchObject({
        code: 'ERR_INVALID_ARGUMENT',
        message: expect.stringMatching(/^two different items in a row .*; pass the option key$/),
      });
    }
    expect(await readdir(folder)).toEqual([]);
    const twice = fromPages(async () => ({ items: [rows[0], { ...rows[0] }], next: undefined }));
    expect(
      await snapshot(
        twice.mapAsync(async (row) => row),
        path,
      ),
    ).toMatchObject({ items: 1, repeated: 1 });
  });

  it('a snapshot keeps an item that comes twice in a page, or in two versions on two pages, once', async () => {
    const pages = [[{ id: 'a' }, { id: 'b', v: 1 }, { id: 'a' }], [{ id: 'b', v: 2 }]];
    const table = fromPages(async (token = '0') => ({
      items: pages[Number(token)] ?? [],
      next: token === '0' ? '1' : undefined,
    }));
    expect(await snapshot(table, path)).toMatchObject({ items: 2, repeated: 2 });
    expect((await readLines()).slice(1)).toEqual([
      ['a', { id: 'a' }],
      ['b', { id: 'b', v: 2 }],
    ]);
    expect(
      await snapshot(
        table.mapAsync(async (row) => row),
        path,
      ),
    ).toMatchObject({ items: 2 });
  });

  it.each([
    ['a listing that cannot be iterated', ['users'], 'listing must be an async iterable'],
    ['an empty path', [listing([]), ''], 'path must be the path of a file, received ""'],
    ['an unknown option', [listing([]), 'x', { keys: 1 }], 'unknown option "keys"'],
    ['a key that is not a function', [listing([]), 'x', { key: 'Id' }], 'key must be a function'],
    ['no bytes to sort in', [listing([]), 'x', { chunkBytes: 0 }], 'chunkBytes must be a whole number'],
  ])('snapshot refuses %s before anything is written', async (_what, args, message) => {
    await expect(Reflect.apply(snapshot, undefined, args)).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      message: expect.stringContaining(message),
    });
  });

  it('a snapshot fails before it reads the listing if the folder is missing', async () => {
    let wasRead = false;
    const users = (async function* () {
      wasRead = true;
      yield { Id: 'u-1' };
    })();
    await expect(snapshot(users, join(folder, 'missing', 'users.snapshot'))).rejects.toMatchObject({
      code: 'ENOENT',
    });
    expect(wasRead).toBe(false);
  });

  it('a killed snapshot leaves no file under its name, and the next one cleans up', async () => {
    const child = spawn(process.execPath, [scriptPath('node/endless-snapshot'), path], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect((await readdir(folder)).sort()).toEqual([
      expect.stringMatching(/^users\.snapshot\.\d+\..+\.tmp$/),
      'users.snapshot.lock',
    ]);
    await snapshot(listing([{ Id: 'u-1' }]), path);
    expect(await readdir(folder)).toEqual(['users.snapshot']);
  });

  it.each<[string, (file: string) => unknown]>([
    ['a folder', (file) => mkdir(file)],
    ['a named pipe', (file) => execFileSync('mkfifo', [file])],
  ])(
    'a snapshot whose path is %s is refused with an error that says so, before the listing is read',
    async (what, make) => {
      await make(path);
      const unread = (async function* () {
        yield { Id: 'u-1' };
        throw new Error('the listing was read');
      })();
      await expect(snapshot(unread, path)).rejects.toThrow(`it is ${what}; name a regular file`);
      await expect(changes(path, path).next()).rejects.toThrow(`it is ${what}; name a regular file`);
      expect(await readdir(folder)).toEqual(['users.snapshot']);
    },
  );

  it('a snapshot is refused while another one writes the same file under another name', async () => {
    const alias = join(folder, 'alias');
    await symlink('users.snapshot', alias);
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = (async function* () {
      yield { Id: 'u-1' };
      await gate;
    })();
    const first = snapshot(slow, path);
    const second = async () => {
      // The first one has its lock once its temporary file is there.
      while (!(await readdir(folder)).some((name) => name.endsWith('.tmp')));
      return snapshot(listing([{ Id: 'u-2' }]), alias);
    };
    await expect(second()).rejects.toMatchObject({ code: 'ERR_FILE_LOCKED' });
    release();
    expect(await first).toMatchObject({ items: 1 });
    expect(await snapshot(listing([{ Id: 'u-2' }, { Id: 'u-3' }]), alias)).toMatchObject({ items: 2 });
    expect((await readdir(folder)).sort()).toEqual(['alias', 'users.snapshot']);
    expect(await readSummary(path)).toMatchObject({ items: 2 });
  });

  it('a snapshot publishes nothing once another process has taken its lock over', async () => {
    await snapshot(listing([{ Id: 'u-1' }]), path);
    const before = await readFile(path);
    const usurped = (async function* () {
      yield { Id: 'u-2' };
      await writeFile(`${path}.lock`, JSON.stringify({ pid: 7, host: 'build-7', id: randomUUID() }));
    })();
    await expect(snapshot(usurped, path)).rejects.toMatchObject({
      code: 'ERR_FILE_LOCKED',
      message: expect.stringContaining('process 7 on build-7 took the lock over'),
    });
    expect(await readFile(path)).toEqual(before);
    expect((await readdir(folder)).sort()).toEqual(['users.snapshot', 'users.snapshot.lock']);
  });

  it('a snapshot does not touch the temporary file of a running one, or files with other names', async () => {
    const others = [
      `users.snapshot.${process.pid}.3f2a9c10-6d1e-4b8a-9c55-0d2f7e4b1a66.tmp`,
      'users.snapshot.old.tmp',
    ];
    for (const name of others) await writeFile(join(folder, name), '');
    await snapshot(listing([{ Id: 'u-1' }]), path);
    expect((await readdir(folder)).sort()).toEqual(['users.snapshot', ...others].sort());
  });
});
