import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileCheckpoint } from '../../lib/node/file-checkpoint.js';
import { lockFile } from '../../lib/node/files/lock-file.js';
import { ownIdentity } from '../../lib/node/files/process-identity.js';
import { cursorAt } from '../support/cursor-at.js';
import { temporaryFolders } from '../support/temporary-folders.js';
import { askChild, startChild } from './start-child.js';

let folder: string;
const newFolder = temporaryFolders('lock');

async function newPath(): Promise<string> {
  folder = await newFolder();
  return join(folder, 'users.json');
}

/** Writes the lock file of an earlier holder; by default of a process that has ended. */
async function leaveLock(file: string, holder: object = {}): Promise<string> {
  const id = randomUUID();
  const startedAt = '2025-01-06T08:00:00.000Z';
  // Above the largest pid on Linux (4,194,304), so no process has it.
  const own = await ownIdentity();
  await writeFile(file, JSON.stringify({ ...own, pid: 99_999_999, startedAt, id, ...holder }));
  return id;
}

/** How many of the stores that ask for the lock at once get it. */
async function countWinners(path: string, contenders: number): Promise<number> {
  const attempts = Array.from({ length: contenders }, () => fileCheckpoint(path).lock('users'));
  const outcomes = await Promise.allSettled(attempts);
  const refusals = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
  for (const { reason } of refusals) expect(reason).toMatchObject({ code: 'ERR_CHECKPOINT_LOCKED' });
  for (const outcome of outcomes) if (outcome.status === 'fulfilled') await outcome.value();
  return contenders - refusals.length;
}

describe('a locked file', () => {
  const snapshot = { code: 'ERR_FILE_LOCKED', noun: 'snapshot' } as const;

  it('the error for a locked file says what kind of file it is, which process holds it, and what to do', async () => {
    const path = await newPath();
    const lock = await lockFile(path, snapshot);
    const { startedAt } = JSON.parse(await readFile(`${path}.lock`, 'utf8'));
    await expect(lockFile(path, snapshot)).rejects.toMatchObject({
      code: 'ERR_FILE_LOCKED',
      message: `the snapshot ${path} is in use by this process (${process.pid}), started ${startedAt}; share the object that holds it, or use another file`,
    });
    await lock.release();
  });

  it.skipIf(process.platform === 'win32')('only its owner can read the lock of a file', async () => {
    const path = await newPath();
    const lock = await lockFile(path, snapshot);
    expect((await stat(`${path}.lock`)).mode & 0o777).toBe(0o600);
    await lock.release();
  });

  it.each(['', 'null', '{}', '{"pid":"1"}', '{"pid":1,"id":"x"}'])(
    'a damaged lock is respected: %j',
    async (text) => {
      const path = await newPath();
      await writeFile(`${path}.lock`, text);
      await expect(lockFile(path, snapshot)).rejects.toMatchObject({
        code: 'ERR_FILE_LOCKED',
        message: `${path}.lock does not name its holder; delete it if no process uses the snapshot`,
      });
      expect(await readFile(`${path}.lock`, 'utf8')).toBe(text);
    },
  );

  it('locking a file removes the draft or claim of a killed process', async () => {
    const path = await newPath();
    await writeFile(`${path}.lock.${randomUUID()}`, '');
    const lock = await lockFile(path, snapshot);
    expect(await readdir(folder)).toEqual(['users.json.lock']);
    await lock.release();
  });

  it.each<[string, (lock: string) => unknown]>([
    ['a folder', (lock) => mkdir(lock)],
    ['a symbolic link', (lock) => symlink('nowhere', lock)],
    ['a symbolic link', (lock) => symlink(lock, lock)],
    ['a named pipe', (lock) => execFileSync('mkfifo', [lock])],
  ])(
    'a file cannot be locked while %s is in the place of its lock, and the error says so',
    async (what, make) => {
      const path = await newPath();
      await make(`${path}.lock`);
      for (const onLocked of ['fail', 'watch', 'wait'] as const) {
        await expect(lockFile(path, snapshot, { onLocked })).rejects.toMatchObject({
          code: 'ERR_FILE_LOCKED',
          message: `the snapshot ${path} cannot be locked: ${path}.lock is ${what}; remove it, or use another file`,
        });
      }
      expect(await readdir(folder)).toEqual(['users.json.lock']);
    },
  );

  it('locking a file leaves the locks of other files alone', async () => {
    const path = await newPath();
    const names = [
      'users.json.bak.lock',
      'users.json.lockfile',
      'users.json.lock.old',
      `queues.json.lock.${randomUUID()}`,
    ];
    for (const name of names) await writeFile(join(folder, name), '');
    const lock = await lockFile(path, snapshot);
    await lock.release();
    expect((await readdir(folder)).sort()).toEqual(names.sort());
  });

  it('a file cannot be locked in a folder that does not exist', async () => {
    await expect(lockFile(join(await newPath(), 'missing'), snapshot)).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });
});

describe('a checkpoint file in use', () => {
  it('a checkpoint file in use is refused to another process, with the pid and the start time of the holder', async () => {
    const path = await newPath();
    const release = await fileCheckpoint(path).lock('users');
    const { startedAt } = JSON.parse(await readFile(`${path}.lock`, 'utf8'));
    const answer = await askChild('save', path);
    await release();
    expect(answer).toMatchObject({
      code: 'ERR_CHECKPOINT_LOCKED',
      message: expect.stringContaining(`users.json is in use by process ${process.pid}`),
    });
    expect(answer.message).toContain(`started ${startedAt}`);
    expect(Date.parse(startedAt)).toBeLessThanOrEqual(Date.now());
  });

  it('another store of the same process cannot lock or save a checkpoint file', async () => {
    const path = await newPath();
    const release = await fileCheckpoint(path).lock('users');
    const other = fileCheckpoint(path);
    const refusal = {
      code: 'ERR_CHECKPOINT_LOCKED',
      message: expect.stringContaining(`in use by this process (${process.pid})`),
    };
    await expect(other.lock('queues')).rejects.toMatchObject(refusal);
    await expect(other.save('queues', cursorAt(1))).rejects.toMatchObject(refusal);
    await release();
    await other.save('queues', cursorAt(1));
    expect(await readdir(folder)).toEqual(['users.json']);
  });

  it('a checkpoint file is free again when the lock of its last key is released', async () => {
    const path = await newPath();
    const store = fileCheckpoint(path);
    const [users, queues] = [await store.lock('users'), await store.lock('queues')];
    await users();
    await expect(fileCheckpoint(path).lock('users')).rejects.toMatchObject({ code: 'ERR_CHECKPOINT_LOCKED' });
    await queues();
    await (await fileCheckpoint(path).lock('users'))();
    expect(await readdir(folder)).toEqual([]);
  });

  it('exactly one of many stores that lock a checkpoint file at once gets it', async () => {
    const path = await newPath();
    expect(await countWinners(path, 12)).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('after its holder was killed', () => {
  it('the next process takes over the lock and the saved position, and no file of the old one remains', async () => {
    const path = await newPath();
    const { child } = await startChild('hold', path);
    await expect(fileCheckpoint(path).lock('users')).rejects.toMatchObject({
      message: expect.stringContaining(`in use by process ${child.pid}`),
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    // What a process leaves that dies in the middle of a save and of a takeover.
    await writeFile(`${path}.${child.pid}.${randomUUID()}.tmp`, '{"pageturn":"chec');
    await writeFile(`${path}.lock.${randomUUID()}`, '');

    const store = fileCheckpoint(path);
    const release = await store.lock('users');
    expect(await store.load('users')).toEqual(cursorAt(7));
    await release();
    expect(await readdir(folder)).toEqual(['users.json']);
  });

  it('exactly one of many stores takes over the lock of a killed process', async () => {
    for (let round = 0; round < 20; round++) {
      const path = await newPath();
      await leaveLock(`${path}.lock`);
      expect(await countWinners(path, 12)).toBe(1);
      expect(await readdir(folder)).toEqual([]);
    }
  });

  it('exactly one of many stores takes over a lock whose takeover was itself killed, twice', async () => {
    for (let round = 0; round < 10; round++) {
      const path = await newPath();
      const first = await leaveLock(`${path}.lock`);
      const second = await leaveLock(`${path}.lock.${first}`);
      await leaveLock(`${path}.lock.${first}.${second}`);
      expect(await countWinners(path, 12)).toBe(1);
      expect(await readdir(folder)).toEqual([]);
    }
  });

  it.skipIf(process.platform !== 'linux')(
    'a lock whose pid now belongs to another process is taken over',
    async () => {
      const path = await newPath();
      await leaveLock(`${path}.lock`, { pid: process.pid, start: '1' });
      const release = await fileCheckpoint(path).lock('users');
      await release();
      expect(await readdir(folder)).toEqual([]);
    },
  );
});

describe('a lock whose holder cannot be checked', () => {
  it('a lock from another host is respected, and the message names the file to delete', async () => {
    const path = await newPath();
    await leaveLock(`${path}.lock`, { host: 'build-7' });
    await expect(fileCheckpoint(path).lock('users')).rejects.toMatchObject({
      code: 'ERR_CHECKPOINT_LOCKED',
      message: expect.stringMatching(
        /on build-7, started 2025-01-06T08:00:00.000Z.*delete .*users\.json\.lock/,
      ),
    });
  });

  it('a lock file that names no holder is respected', async () => {
    const path = await newPath();
    await writeFile(`${path}.lock`, '');
    await expect(fileCheckpoint(path).save('users', cursorAt(1))).rejects.toMatchObject({
      code: 'ERR_CHECKPOINT_LOCKED',
      message: expect.stringContaining(
        'does not name its holder; delete it if no process uses the checkpoint',
      ),
    });
  });

  it('a lock that replaced one deleted by hand is not removed by the earlier holder', async () => {
    const path = await newPath();
    const first = await fileCheckpoint(path).lock('users');
    await rm(`${path}.lock`);
    const second = await fileCheckpoint(path).lock('users');
    await first();
    await expect(fileCheckpoint(path).lock('users')).rejects.toMatchObject({ code: 'ERR_CHECKPOINT_LOCKED' });
    await second();
  });
});
