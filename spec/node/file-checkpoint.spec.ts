import { execFileSync } from 'node:child_process';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromPages } from '../../lib/from-pages.js';
import { fileCheckpoint } from '../../lib/node/file-checkpoint.js';
import { describeCheckpointStore } from '../contracts/checkpoint-store.js';
import { cursorAt } from '../support/cursor-at.js';
import { askChild } from './start-child.js';

let root: string;
let count = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'pageturn-checkpoint-'));
  await chmod(root, 0o755);
});
afterAll(() => rm(root, { recursive: true }));

async function newFolder(): Promise<string> {
  const folder = join(root, String(count++));
  await mkdir(folder);
  return folder;
}

async function newPath(): Promise<string> {
  return join(await newFolder(), 'users.json');
}

describeCheckpointStore('fileCheckpoint', async () => {
  const path = await newPath();
  return () => fileCheckpoint(path);
});

describe('the checkpoint file', () => {
  it('only its owner can read a checkpoint file', async () => {
    const path = await newPath();
    await fileCheckpoint(path).save('users', cursorAt(1));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('the next run finds the position in the checkpoint file', async () => {
    const path = await newPath();
    await fileCheckpoint(path).save('users', cursorAt(1));
    expect(await fileCheckpoint(path).load('users')).toEqual(cursorAt(1));
  });

  it('the checkpoint file is the only file after a save, and is removed with its last key', async () => {
    const folder = await newFolder();
    const store = fileCheckpoint(join(folder, 'users.json'));
    await store.save('users', cursorAt(1));
    await store.save('queues', cursorAt(2));
    expect(await readdir(folder)).toEqual(['users.json']);
    await store.clear('users');
    await store.clear('queues');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a damaged checkpoint file', () => {
  it.each([
    ['an empty file', ''],
    ['another JSON file', '{"name":"pageturn","version":"0.1.0"}'],
    ['no JSON at all', 'Id,Username\n'],
    ['a file of a later version', '{"pageturn":"checkpoint","version":2,"entries":{},"sum":"x"}'],
  ])('a file that is not a checkpoint is refused with advice and left unchanged: %s', async (_, text) => {
    const path = await newPath();
    await writeFile(path, text);
    const store = fileCheckpoint(path);
    for (const call of [store.load('users'), store.save('users', cursorAt(1)), store.clear('users')]) {
      await expect(call).rejects.toMatchObject({
        code: 'ERR_CHECKPOINT_CORRUPT',
        message: expect.stringMatching(/users\.json cannot be used: .*delete it to start over/),
      });
    }
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('a checkpoint file that is cut off anywhere is refused', async () => {
    const path = await newPath();
    await fileCheckpoint(path).save('users', cursorAt(1));
    const text = (await readFile(path, 'utf8')).trimEnd();
    for (let length = 0; length < text.length; length += 5) {
      await writeFile(path, text.slice(0, length));
      await expect(fileCheckpoint(path).load('users')).rejects.toMatchObject({
        code: 'ERR_CHECKPOINT_CORRUPT',
      });
    }
  });

  it('a checkpoint file with a position edited by hand is refused', async () => {
    const path = await newPath();
    await fileCheckpoint(path).save('users', cursorAt(1));
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('"offset": 1', '"offset": 5'));
    await expect(fileCheckpoint(path).load('users')).rejects.toMatchObject({
      code: 'ERR_CHECKPOINT_CORRUPT',
    });
  });
});

describe('a checkpoint on a failing file system', () => {
  it('a checkpoint reports that its folder is missing', async () => {
    const store = fileCheckpoint(join(await newFolder(), 'missing', 'users.json'));
    const refusal = {
      code: 'ERR_CHECKPOINT_IO',
      message: expect.stringMatching(/the folder .*missing does not exist, create it first/),
    };
    await expect(store.lock('users')).rejects.toMatchObject(refusal);
    await expect(store.save('users', cursorAt(1))).rejects.toMatchObject(refusal);
  });

  it('a checkpoint reports that its path is a folder', async () => {
    const path = await newFolder();
    await expect(fileCheckpoint(path).load('users')).rejects.toMatchObject({
      code: 'ERR_CHECKPOINT_IO',
      message: expect.stringContaining(
        `cannot read the checkpoint ${path}: it is a folder; name a regular file`,
      ),
      cause: { code: 'EISDIR' },
    });
  });

  it.skipIf(process.platform === 'win32')(
    'a checkpoint whose path is a named pipe is refused without waiting for a writer',
    async () => {
      const path = await newPath();
      execFileSync('mkfifo', [path]);
      const store = fileCheckpoint(path);
      for (const call of [store.load('users'), store.save('users', cursorAt(1))]) {
        await expect(call).rejects.toMatchObject({
          code: 'ERR_CHECKPOINT_IO',
          message: expect.stringContaining('it is a named pipe; name a regular file'),
        });
      }
    },
  );

  it.skipIf(process.platform === 'win32')(
    'a checkpoint keeps the last position when the file cannot grow',
    async () => {
      const folder = await newFolder();
      const path = join(folder, 'users.json');
      await fileCheckpoint(path).save('users', cursorAt(1));
      const answer = await askChild('save', path, { fileSizeLimit: 16 });
      expect(answer).toMatchObject({ code: 'ERR_CHECKPOINT_IO', cause: 'EFBIG' });
      expect(await readdir(folder)).toEqual(['users.json']);
      expect(await fileCheckpoint(path).load('users')).toEqual(cursorAt(1));
    },
  );

  it.skipIf(process.platform === 'win32')(
    'a checkpoint keeps the last position in a read-only folder',
    async () => {
      const folder = await newFolder();
      const path = join(folder, 'users.json');
      await fileCheckpoint(path).save('users', cursorAt(1));
      await chmod(folder, 0o555);
      const answer = await askChild('save-as-other-user', path);
      expect(answer).toMatchObject({ code: 'ERR_CHECKPOINT_IO', cause: 'EACCES' });
      expect(await readdir(folder)).toEqual(['users.json']);
      expect(await fileCheckpoint(path).load('users')).toEqual(cursorAt(1));
      await chmod(folder, 0o755);
    },
  );
});

describe('a field of a cursor that JSON cannot hold', () => {
  class Place {
    readonly at = 1;
  }
  const ring: { self?: unknown } = {};
  ring.self = ring;
  const deep: unknown = JSON.parse('['.repeat(5_000) + ']'.repeat(5_000));
  it.each<[string, unknown, string]>([
    ['NaN', Number.NaN, 'cursor.extra is NaN'],
    ['an infinity', Number.NEGATIVE_INFINITY, 'cursor.extra is -Infinity'],
    ['-0', -0, 'cursor.extra is -0'],
    ['a bigint', 1n, 'cursor.extra is a bigint'],
    ['a symbol', Symbol('x'), 'cursor.extra is a symbol'],
    ['a function', () => 1, 'cursor.extra is a function'],
    ['a Map', new Map([['a', 1]]), 'cursor.extra is an object of class Map'],
    ['a Set', new Set([1]), 'cursor.extra is an object of class Set'],
    ['a RegExp', /x/, 'cursor.extra is an object of class RegExp'],
    ['a Date', new Date(0), 'cursor.extra is an object of class Date'],
    ['a Buffer', Buffer.from('x'), 'cursor.extra is an object of class Buffer'],
    ['an object of a class', new Place(), 'cursor.extra is an object of class Place'],
    ['an object of no class', Object.create(Object.create(null)), 'cursor.extra is an object of class ?'],
    ['a boxed number', Object(1), 'cursor.extra is an object of class Number'],
    ['an object with toJSON', { toJSON: () => 1 }, 'cursor.extra.toJSON is a function'],
    ['an object with a symbol', { [Symbol('x')]: 1 }, 'cursor.extra is an object with symbols'],
    ['an array with undefined', { list: [1, undefined] }, 'cursor.extra.list[1] is undefined'],
    ['an array with a hole', { list: Array(2) }, 'cursor.extra.list is an array with holes'],
    ['a ring', ring, 'cursor.extra.self is an object within itself'],
    ['something too deep', deep, 'is more than 500 levels deep'],
    ['a NaN far inside', { a: [{ b: Number.NaN }] }, 'cursor.extra.a[0].b is NaN'],
  ])('a field of a cursor that JSON cannot hold is refused by name: %s', async (_what, extra, message) => {
    const path = await newPath();
    const store = fileCheckpoint(path);
    await store.save('users', cursorAt(1));
    await expect(store.save('users', { ...cursorAt(2), ...{ extra } })).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      message: expect.stringContaining(message),
    });
    expect(await fileCheckpoint(path).load('users')).toEqual(cursorAt(1));
  });

  it('a field of a cursor that JSON can hold is loaded as it was saved', async () => {
    const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)));
    const path = await newPath();
    await fc.assert(
      fc.asyncProperty(json, async (extra) => {
        const cursor = { ...cursorAt(1), ...{ extra, absent: undefined } };
        await fileCheckpoint(path).save('users', cursor);
        expect(await fileCheckpoint(path).load('users')).toStrictEqual({ ...cursorAt(1), extra });
      }),
      { numRuns: 25 },
    );
  });

  it('a damaged cursor is refused when it is saved', async () => {
    const store = fileCheckpoint(await newPath());
    await expect(store.save('users', { ...cursorAt(1), offset: -1 })).rejects.toMatchObject({
      code: 'ERR_CURSOR_MISMATCH',
    });
    expect(await store.load('users')).toBeUndefined();
  });
});

describe('a checkpoint with several names', () => {
  it.skipIf(process.platform === 'win32')(
    'a checkpoint is one file with one lock, through every symbolic link to it',
    async () => {
      const path = await newPath();
      const [alias, chain] = [`${path}.alias`, `${path}.chain`];
      await symlink('users.json', alias);
      await symlink(alias, chain);
      // The file does not exist yet: the links dangle.
      const release = await fileCheckpoint(chain).lock('users');
      for (const name of [path, alias, chain]) {
        await expect(fileCheckpoint(name).lock('users')).rejects.toMatchObject({
          code: 'ERR_CHECKPOINT_LOCKED',
        });
      }
      await release();
      await fileCheckpoint(chain).save('users', cursorAt(3));
      expect((await lstat(chain)).isSymbolicLink()).toBe(true);
      for (const name of [path, alias]) expect(await fileCheckpoint(name).load('users')).toEqual(cursorAt(3));
      await fileCheckpoint(alias).clear('users');
      await expect(lstat(path)).rejects.toMatchObject({ code: 'ENOENT' });
    },
  );
});

describe('a listing that is resumed from a file', () => {
  it.each(['abort', 'return'] as const)(
    'a listing can be resumed at once after %s, whatever it was doing',
    async (end) => {
      const path = await newPath();
      const rows = fromPages(async (token = '0') => ({ items: [token], next: String(Number(token) + 1) }));
      for (let turns = 0; turns < 40; turns++) {
        const controller = new AbortController();
        const walk = rows.resume(fileCheckpoint(path), { everyMs: 0, signal: controller.signal });
        const read = async () => {
          for await (const _ of walk);
        };
        const reading = read().catch((reason: unknown) => reason);
        for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
        if (end === 'abort') controller.abort('enough');
        else await walk.return();
        if (end === 'abort') expect(await reading).toBe('enough');
        await (await fileCheckpoint(path).lock('users'))();
      }
    },
  );
});

describe('fileCheckpoint', () => {
  it('fileCheckpoint refuses unknown options and values', () => {
    expect(() => Reflect.apply(fileCheckpoint, undefined, ['a', { onlocked: 'wait' }])).toThrow(
      'unknown option "onlocked"',
    );
    expect(() => Reflect.apply(fileCheckpoint, undefined, ['a', { onLocked: 'never' }])).toThrow(
      "onLocked must be 'fail', 'watch' or 'wait', received \"never\"",
    );
  });

  it('fileCheckpoint refuses an empty path', () => {
    expect(() => fileCheckpoint('')).toThrow('path must be the path of a file, received ""');
  });
});
