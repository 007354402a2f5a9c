import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openPreviousSnapshot } from '../../lib/cli/previous-snapshot.js';
import { fileCheckpoint } from '../../lib/node/file-checkpoint.js';
import { lockFile } from '../../lib/node/files/lock-file.js';
import { replaceFile } from '../../lib/node/files/replace-file.js';
import { snapshot } from '../../lib/node/snapshot/snapshot.js';
import { cursorAt } from '../support/cursor-at.js';
import { failingCalls, systemCalls } from './system-calls.js';

// A file that was read back proves nothing about a power cut: the order of the system calls does.
vi.mock('node:fs/promises', async (importOriginal) => {
  const { recordSystemCalls } = await import('./system-calls.js');
  return recordSystemCalls(await importOriginal());
});

let root: string;
let folder: string;
let path: string;
let count = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'pageturn-durability-'));
});
beforeEach(async () => {
  folder = join(root, `folder-${count++}`);
  path = join(folder, 'users.json');
  await mkdir(folder);
  failingCalls.clear();
  systemCalls.length = 0;
});
afterAll(() => rm(root, { recursive: true }));

/** Content first, then its sync, then the name, then the sync of the folder that holds the name. */
const replaced = (name: string, inFolder: string) => [
  `open ${name}.<temporary>`,
  `write ${name}.<temporary>`,
  `sync ${name}.<temporary>`,
  `close ${name}.<temporary>`,
  `rename ${name}.<temporary> ${name}`,
  `open ${inFolder}`,
  `sync ${inFolder}`,
  `close ${inFolder}`,
];

const nameOfFolder = () => `folder-${count - 1}`;

describe('durability', () => {
  it('a replaced file is synced before it gets its name, and its name after', async () => {
    await replaceFile(path, (file) => file.writeFile('new'));
    expect(systemCalls).toEqual(replaced('users.json', nameOfFolder()));
  });

  it('a saved position and its name are synced before save resolves', async () => {
    const store = fileCheckpoint(path);
    const release = await store.lock('users');
    systemCalls.length = 0;
    await store.save('users', cursorAt(1));
    expect(systemCalls).toEqual(replaced('users.json', nameOfFolder()));
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
      'rm users.json',
      `open ${inFolder}`,
      `sync ${inFolder}`,
      `close ${inFolder}`,
    ]);
    await release();
  });

  it('a lock is synced before it gets its name, so a power cut leaves none without a holder', async () => {
    const release = await lockFile(path, { code: 'ERR_FILE_LOCKED', noun: 'file' });
    expect(systemCalls).toEqual([
      'open users.json.lock.<draft>',
      'write users.json.lock.<draft>',
      'sync users.json.lock.<draft>',
      'close users.json.lock.<draft>',
      'link users.json.lock.<draft> users.json.lock',
      'rm users.json.lock.<draft>',
    ]);
    await release();
  });

  it('a snapshot is synced before it gets its name, and its name after', async () => {
    await snapshot(
      (async function* () {
        yield { Id: 'u-1' };
      })(),
      path,
    );
    expect(systemCalls).toEqual(replaced('users.json', nameOfFolder()));
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
    expect(kept).toContain('sync users.json.new.<temporary>');
    expect(systemCalls).toEqual([
      'rename users.json.new users.json',
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
      failingCalls.add(`${call} users.json.<temporary>${target}`);
      systemCalls.length = 0;
      await expect(replaceFile(path, (file) => file.writeFile('new'))).rejects.toMatchObject({ code: 'EIO' });
      expect(await readFile(path, 'utf8')).toBe('old');
      expect(systemCalls.at(-1)).toBe('rm users.json.<temporary>');
      expect(systemCalls.some((name) => name.startsWith('rename'))).toBe(call === 'rename');
    },
  );

  it('a save fails when the folder cannot be synced', async () => {
    failingCalls.add(`sync ${nameOfFolder()}`);
    await expect(fileCheckpoint(path).save('users', cursorAt(1))).rejects.toMatchObject({
      code: 'ERR_CHECKPOINT_IO',
      cause: { code: 'EIO' },
    });
  });

  it('a lock that cannot be written fails and leaves no draft', async () => {
    failingCalls.add('sync users.json.lock.<draft>');
    await expect(lockFile(path, { code: 'ERR_FILE_LOCKED', noun: 'file' })).rejects.toMatchObject({
      code: 'EIO',
    });
    expect(systemCalls.slice(-2)).toEqual(['close users.json.lock.<draft>', 'rm users.json.lock.<draft>']);
  });
});
