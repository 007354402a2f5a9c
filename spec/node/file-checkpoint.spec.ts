import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

describeCheckpointStore('fileCheckpoint', async () => fileCheckpoint(await newPath()));

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
  ])('a file that is no checkpoint is refused with advice and left unchanged: %s', async (_, text) => {
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

  it('a checkpoint file that is cut off anywhere is refused', { timeout: 30_000 }, async () => {
    const path = await newPath();
    await fileCheckpoint(path).save('users', cursorAt(1));
    const text = (await readFile(path, 'utf8')).trimEnd();
    for (let length = 0; length < text.length; length += 3) {
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
      message: expect.stringMatching(/there is no folder .*missing, create it first/),
    };
    await expect(store.lock('users')).rejects.toMatchObject(refusal);
    await expect(store.save('users', cursorAt(1))).rejects.toMatchObject(refusal);
  });

  it('a checkpoint reports that its path is a folder', async () => {
    const path = await newFolder();
    await expect(fileCheckpoint(path).load('users')).rejects.toMatchObject({
      code: 'ERR_CHECKPOINT_IO',
      message: expect.stringContaining(`cannot read the checkpoint ${path}: EISDIR`),
      cause: { code: 'EISDIR' },
    });
  });

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
      const answer = await askChild('save-as-nobody', path);
      expect(answer).toMatchObject({ code: 'ERR_CHECKPOINT_IO', cause: 'EACCES' });
      expect(await readdir(folder)).toEqual(['users.json']);
      expect(await fileCheckpoint(path).load('users')).toEqual(cursorAt(1));
      await chmod(folder, 0o755);
    },
  );
});

describe('fileCheckpoint', () => {
  it('fileCheckpoint refuses an empty path', () => {
    expect(() => fileCheckpoint('')).toThrow('path must be the path of a file, received ""');
  });
});
