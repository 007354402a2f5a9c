import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openPreviousSnapshot } from '../../lib/cli/previous-snapshot.js';
import { fileCheckpoint } from '../../lib/node/file-checkpoint.js';
import { AppendedFile } from '../../lib/node/files/appended-file.js';
import { lockFile } from '../../lib/node/files/lock-file.js';
import { replaceFile } from '../../lib/node/files/replace-file.js';
import { snapshot } from '../../lib/node/snapshot/snapshot.js';
import { cursorAt } from '../support/cursor-at.js';
import { temporaryFolders } from '../support/temporary-folders.js';
import { failingCalls, systemCalls } from './system-calls.js';

// A file that was read back proves nothing about a power cut: the order of the system calls does.
vi.mock('node:fs/promises', async (importOriginal) => {
  const { recordSystemCalls } = await import('./system-calls.js');
  return recordSystemCalls(await importOriginal());
});

let folder: string;
let path: string;
const newFolder = temporaryFolders('durability');
beforeEach(async () => {
  folder = await newFolder();
  path = join(folder, 'users.json');
  failingCalls.clear();
  systemCalls.length = 0;
  // A heartbeat of a lock, after five seconds, would be among the calls.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => void vi.useRealTimers());

/** Content first, then its sync, then the name, then the sync of the folder that holds the name. */
const replaced = (name: string, inFolder: string, look: readonly string[] = []) => [
  `open ${name}.<temporary>`,
  `write ${name}.<temporary>`,
  `sync ${name}.<temporary>`,
  `close ${name}.<temporary>`,
  ...look,
  `rename ${name}.<temporary> ${name}`,
  `open ${inFolder}`,
  `sync ${inFolder}`,
  `close ${inFolder}`,
];

const nameOfFolder = () => basename(folder);

describe('durability', () => {
  it('a replaced file is synced before it gets its name, and its name after', async () => {
    await replaceFile(path, (file) => file.writeFile('new'));
    expect(systemCalls).toEqual(replaced('users.json', nameOfFolder()));
  });

  it('a saved position and its name are synced before save resolves, after a last look at the lock', async () => {
    const store = fileCheckpoint(path);
    const release = await store.lock('users');
    systemCalls.length = 0;
    await store.save('users', cursorAt(1));
    expect(systemCalls).toEqual([
      'read users.json',
      ...replaced('users.json', nameOfFolder(), ['read users.json.lock']),
    ]);
    await release();
  });

  it('the removal of a checkpoint is synced before clear resolves', async () => {
    const store = fileCheckpoint(path);
    const release = await store.lock('users');
    await store.save('users', cursorAt(1));
    systemCalls.length = 0;
    await store.clear('users');
    const inFolder = nameOfFolder();
    expect(systemCalls).toEqual([
      'read users.json',
      'read users.json.lock',
      'rm users.json',
      `open ${inFolder}`,
      `sync ${inFolder}`,
      `close ${inFolder}`,
    ]);
    await release();
  });

  it('a lock is synced before it gets its name, so a power cut leaves none without a holder', async () => {
    const lock = await lockFile(path, { code: 'ERR_FILE_LOCKED', noun: 'file' });
    expect(systemCalls).toEqual([
      'open users.json.lock.<draft>',
      'write users.json.lock.<draft>',
      'sync users.json.lock.<draft>',
      'close users.json.lock.<draft>',
      'link users.json.lock.<draft> users.json.lock',
      'rm users.json.lock.<draft>',
    ]);
    await lock.release();
  });

  it('an appended file and its new name are synced before its position is given out', async () => {
    const file = await AppendedFile.open(path);
    await file.append(Buffer.from('one\n'));
    systemCalls.length = 0;
    await file.sync();
    const inFolder = nameOfFolder();
    expect(systemCalls).toEqual([
      'sync users.json',
      `open ${inFolder}`,
      `sync ${inFolder}`,
      `close ${inFolder}`,
      'read users.json.lock',
    ]);
    systemCalls.length = 0;
    await file.append(Buffer.from('two\n'));
    await file.sync();
    expect(systemCalls).toEqual([
      'read users.json.lock',
      'write users.json',
      'sync users.json',
      'read users.json.lock',
    ]);
    await file.close();
  });

  it('a snapshot is synced before it gets its name, and its name after', async () => {
    await snapshot(
      (async function* () {
        yield { Id: 'u-1' };
      })(),
      path,
    );
    const from = systemCalls.indexOf('open users.json.<temporary>');
    expect(systemCalls.slice(from, from + 9)).toEqual(
      replaced('users.json', nameOfFolder(), ['read users.json.lock']),
    );
  });

  it('pageturn changes --update syncs the next snapshot before it renames it, and its name after', async () => {
    const users = async function* () {
      yield { Id: 'u-1' };
    };
    await snapshot(users(), path, { label: 'i-1' });
    const previous = await openPreviousSnapshot({ since: path, update: true }, 'i-1');
    for await (const _ of previous.changesTo(users()));
    const kept = [...systemCalls];
    systemCalls.length = 0;
    await previous.replace();
    const inFolder = nameOfFolder();
    expect(kept).toContain('sync users.json.<temporary>');
    expect(systemCalls).toEqual([
      'read users.json.lock',
      'rename users.json.<temporary> users.json',
      `open ${inFolder}`,
      `sync ${inFolder}`,
      `close ${inFolder}`,
    ]);
    await previous.close();
  });
});

describe('a failing disk', () => {
  it.each(['open', 'write', 'sync', 'rename'])(
    'a file keeps its old content, and no other file remains, when %s fails',
    async (call) => {
      await replaceFile(path, (file) => file.writeFile('old'));
      const target = call === 'rename' ? ' users.json' : '';
      failingCalls.set(`${call} users.json.<temporary>${target}`, 'EIO');
      systemCalls.length = 0;
      await expect(replaceFile(path, (file) => file.writeFile('new'))).rejects.toMatchObject({ code: 'EIO' });
      expect(await readFile(path, 'utf8')).toBe('old');
      expect(systemCalls.at(-1)).toBe('rm users.json.<temporary>');
      expect(systemCalls.some((name) => name.startsWith('rename'))).toBe(call === 'rename');
    },
  );

  it('a save fails when the folder cannot be synced', async () => {
    failingCalls.set(`sync ${nameOfFolder()}`, 'EIO');
    await expect(fileCheckpoint(path).save('users', cursorAt(1))).rejects.toMatchObject({
      code: 'ERR_CHECKPOINT_IO',
      cause: { code: 'EIO' },
    });
  });

  it.each(['EINVAL', 'EPERM', 'ENOTSUP', 'ENOSYS'])(
    'a save succeeds on a file system that answers %s to the sync of a folder',
    async (code) => {
      failingCalls.set(`sync ${nameOfFolder()}`, code);
      await fileCheckpoint(path).save('users', cursorAt(1));
      expect(await fileCheckpoint(path).load('users')).toEqual(cursorAt(1));
      expect(systemCalls).toContain(`sync ${nameOfFolder()}`);
    },
  );

  it('a lock that cannot be written fails and leaves no draft', async () => {
    failingCalls.set('sync users.json.lock.<draft>', 'EIO');
    await expect(lockFile(path, { code: 'ERR_FILE_LOCKED', noun: 'file' })).rejects.toMatchObject({
      code: 'EIO',
    });
    expect(systemCalls.slice(-2)).toEqual(['close users.json.lock.<draft>', 'rm users.json.lock.<draft>']);
  });
});

describe('a file system without hard links', () => {
  const file = { code: 'ERR_FILE_LOCKED', noun: 'file' } as const;

  it.each(['EPERM', 'ENOTSUP', 'ENOSYS'])(
    'a file is locked on a file system whose link says %s',
    async (code) => {
      failingCalls.set('link users.json.lock.<draft> users.json.lock', code);
      const lock = await lockFile(path, file);
      await expect(lockFile(path, file)).rejects.toMatchObject({
        code: 'ERR_FILE_LOCKED',
        message: expect.stringContaining(`in use by this process (${process.pid})`),
      });
      await lock.assertHeld();
      await lock.release();
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('a file on a file system without hard links is locked by one of many at once', async () => {
    failingCalls.set('link users.json.lock.<draft> users.json.lock', 'EPERM');
    const outcomes = await Promise.allSettled(Array.from({ length: 12 }, () => lockFile(path, file)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') await outcome.value.release();
      else expect(outcome.reason).toMatchObject({ message: expect.stringContaining('is in use by') });
    }
  });

  it('a full disk leaves no lock without content on a file system without hard links', async () => {
    failingCalls.set('link users.json.lock.<draft> users.json.lock', 'EPERM');
    failingCalls.set('sync users.json.lock', 'ENOSPC');
    await expect(lockFile(path, file)).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(await readdir(folder)).toEqual([]);
  });
});
