import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { DrainTotals } from '../../lib/core/destination.js';
import { csv, type Format, json, ndjson } from '../../lib/destinations/formats/index.js';
import { fromPages } from '../../lib/from-pages.js';
import { DrainFolder } from '../../lib/node/drain-folder.js';
import { file } from '../../lib/node/file-destination.js';
import { smallDisk } from '../support/small-disk.js';
import { temporaryFolders } from '../support/temporary-folders.js';
import { failingCalls, systemCalls } from './system-calls.js';

vi.mock('node:fs/promises', async (importOriginal) => {
  const { recordSystemCalls } = await import('./system-calls.js');
  return recordSystemCalls(await importOriginal());
});

let folder: string;
let path: string;
const newFolder = temporaryFolders('failing-disk');
beforeEach(async () => {
  folder = await newFolder();
  path = join(folder, 'rows');
  failingCalls.clear();
  systemCalls.length = 0;
});

/** Names that would be executed, obeyed or cut short if they were not kept as text. */
const NAMES = ['=cmd|"/C calc"!A0', 'new\nline', '"quoted", 😀', '\u001b[2J\u009b2J', 'half \ud800 pair'];

const itemsOf = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ Id: `i${n}`, name: NAMES[n % NAMES.length] }));

function list(items: readonly unknown[], pageSize = 10) {
  return fromPages(
    async (token) => {
      const at = Number(token ?? 0);
      const next = at + pageSize < items.length ? String(at + pageSize) : undefined;
      return { items: items.slice(at, at + pageSize), next };
    },
    { query: { operation: 'items' } },
  );
}

const published = async () => (await readFile(path, 'utf8')).split('\n').slice(0, -1);
const lines = (count: number) => itemsOf(count).map((item) => JSON.stringify(item));
const readLines = async () => (await published()).map((line) => JSON.stringify(JSON.parse(line)));

describe('a file whose disk fails', () => {
  it.each([
    ['the disk is full for the spool', 'write rows.spool', 'ENOSPC'],
    ['the spool cannot be synced', 'sync rows.spool', 'EIO'],
    ['the folder is not writable', 'open rows.spool', 'EACCES'],
    ['the disk is full for the file', 'write rows.<temporary>', 'ENOSPC'],
    ['the file cannot be synced', 'sync rows.<temporary>', 'EIO'],
    ['the file cannot be renamed', 'rename rows.<temporary> rows', 'EROFS'],
    ['the folder cannot be synced', 'sync folder', 'EIO'],
  ])('%s: it is the old one or the new one, and the next run finishes it', async (_why, call, code) => {
    await writeFile(path, 'yesterday\n');
    failingCalls.set(call.replace('folder', folder.split('/').at(-1) ?? ''), code);
    const destination = () => file(path, { format: ndjson() });
    await expect(list(itemsOf(35)).drainTo(destination())).rejects.toMatchObject({
      code: 'ERR_DESTINATION_FAILED',
      message: expect.stringContaining(`${path} (${code}); fix the cause and run the same drain again`),
    });
    if (call !== 'sync folder') expect(await published()).toEqual(['yesterday']);
    expect((await readdir(folder)).filter((name) => !/^rows(\.spool)?$/.test(name))).toEqual([]);
    failingCalls.clear();
    expect(await list(itemsOf(35)).drainTo(destination())).toMatchObject({ complete: true, written: 35 });
    expect(await readLines()).toEqual(lines(35));
    expect(await readdir(folder)).toEqual(['rows']);
  });

  it('a full disk takes no row and leaves no half file, and the next run resumes', async (context) => {
    if (!smallDisk(folder, '1m')) return context.skip('cannot mount a small file system here');
    await writeFile(path, 'yesterday\n');
    // 400 KB of rows do not fit next to 700 KB; next to 300 KB they do, but not what they become.
    const filler = join(folder, 'filler');
    const rows = Array.from({ length: 400 }, (_, n) => ({ Id: `i${n}`, text: 'x'.repeat(1_000) }));
    for (const [size, reason] of [
      [700_000, 'the spool'],
      [300_000, 'the file'],
    ] as const) {
      await writeFile(filler, Buffer.alloc(size));
      await expect(
        list(rows).drainTo(file(path, { format: csv() }), { batch: 50 }),
        reason,
      ).rejects.toMatchObject({
        code: 'ERR_DESTINATION_FAILED',
        message: expect.stringContaining('(ENOSPC)'),
      });
      expect(await published()).toEqual(['yesterday']);
    }
    await writeFile(filler, '');
    const receipt = await list(rows).drainTo(file(path, { format: csv() }));
    expect(receipt).toMatchObject({ complete: true, written: 400, resumed: 2 });
    expect(await published()).toEqual(['Id,text', ...rows.map(({ Id, text }) => `${Id},${text}`)]);
    expect((await readdir(folder)).sort()).toEqual(['filler', 'rows']);
  });
});

describe('a folder of drains whose disk fails', () => {
  it.each([
    ['the disk is full for the rows', 'write a.ndjson.spool', 'ENOSPC', 'open a.ndjson'],
    ['the quota of a user is used up', 'write a.ndjson.<temporary>', 'EDQUOT', 'publish a.ndjson'],
    [
      'the disk is full for the checkpoint',
      'write checkpoint.json.<temporary>',
      'ENOSPC',
      'write checkpoint.json',
    ],
    [
      'the checkpoint cannot be renamed',
      'rename checkpoint.json.<temporary> checkpoint.json',
      'EIO',
      'write checkpoint.json',
    ],
    ['the receipt cannot be synced', 'sync receipt.json.<temporary>', 'EIO', 'write receipt.json'],
    ['the checkpoint cannot be removed', 'rm checkpoint.json', 'EIO', 'remove checkpoint.json'],
  ])('%s: the error names the file, and the next run finishes the folder', async (_why, call, code, what) => {
    const drainAll = async () => {
      const drains = await DrainFolder.open<number>(folder, 'items', undefined);
      try {
        for (const name of ['a', 'b']) {
          if (drains.done.has(name)) continue;
          const { written } = await list(itemsOf(35)).drainTo(drains.destination(name));
          await drains.keep(name, written);
        }
        await drains.finish({ done: 70 });
      } finally {
        await drains.close();
      }
    };
    failingCalls.set(call, code);
    await expect(drainAll()).rejects.toMatchObject({
      code: 'ERR_DESTINATION_FAILED',
      message: `cannot ${what.replace(' ', ` ${folder}/`)} (${code}); fix the cause and run the same drain again to resume`,
    });
    failingCalls.clear();
    await drainAll();
    expect((await readdir(folder)).sort()).toEqual(['a.ndjson', 'b.ndjson', 'receipt.json']);
    for (const name of ['a', 'b']) {
      path = join(folder, `${name}.ndjson`);
      expect(await readLines()).toEqual(lines(35));
    }
  });
});

describe('two runs into one file', () => {
  it('the second of two runs into one file is refused, whatever link it takes, and the first one finishes', async () => {
    const alias = join(folder, 'alias');
    await writeFile(path, 'yesterday\n');
    await symlink('rows', alias);
    const refused: unknown[] = [];
    const onProgress = async ({ written }: DrainTotals) => {
      if (written !== 20) return;
      for (const name of [path, alias]) {
        const second = list(itemsOf(5)).drainTo(file(name, { format: ndjson() }));
        await second.catch((error: { code: unknown }) => refused.push(error.code));
      }
    };
    await list(itemsOf(35)).drainTo(file(path, { format: ndjson() }), { batch: 10, onProgress });
    expect(refused).toEqual(['ERR_FILE_LOCKED', 'ERR_FILE_LOCKED']);
    expect(await readLines()).toEqual(lines(35));
    expect((await readdir(folder)).sort()).toEqual(['alias', 'rows']);
  });
});

describe('a path that cannot be a file', () => {
  it.each<[string, () => unknown, string, string]>([
    ['a path that ends like a folder', () => {}, 'rows/', 'EISDIR'],
    ['a link that leads to itself', () => symlink('rows', path), 'rows', 'ELOOP'],
    ['a name that is too long', () => {}, 'x'.repeat(250), 'ENAMETOOLONG'],
    ['a file whose spool would be a folder', () => mkdir(`${path}.spool`), 'rows', 'EISDIR'],
  ])('%s is refused before anything is requested', async (_what, prepare, name, code) => {
    await prepare();
    let requests = 0;
    const rows = fromPages(async () => {
      requests++;
      return { items: [1], next: undefined };
    });
    await expect(rows.drainTo(file(`${folder}/${name}`, { format: ndjson() }))).rejects.toMatchObject({
      code: 'ERR_DESTINATION_FAILED',
      cause: { code },
    });
    expect(requests).toBe(0);
  });
});

describe('texts that a program could obey', () => {
  it.each<[string, Format<unknown>, (text: string) => string[]]>([
    ['ndjson', ndjson(), (text) => text.split('\n').slice(0, -1)],
    ['json', json(), (text) => (JSON.parse(text) as unknown[]).map((row) => JSON.stringify(row))],
  ])(
    '%s keeps them as text, after a resume as well, and shows no control character',
    async (_name, format, rowsOf) => {
      const abort = new AbortController();
      const onProgress = ({ written }: DrainTotals) => void (written >= 20 && abort.abort('stop'));
      const options = { batch: 10, signal: abort.signal, onProgress };
      await expect(list(itemsOf(35)).drainTo(file(path, { format }), options)).rejects.toBe('stop');
      await list(itemsOf(35)).drainTo(file(path, { format }));
      const text = await readFile(path, 'utf8');
      expect(rowsOf(text).map((row) => JSON.stringify(JSON.parse(row)))).toEqual(lines(35));
      expect(text).not.toMatch(/[^\P{Cc}\n]/u);
    },
  );

  it('csv keeps them as text, with an apostrophe before a formula', async () => {
    await list(itemsOf(5)).drainTo(file(path, { format: csv() }));
    expect(await readFile(path, 'utf8')).toBe(
      `Id,name\ni0,"'=cmd|""/C calc""!A0"\ni1,"new\nline"\ni2,"""quoted"", 😀"\ni3,\u001b[2J\u009b2J\ni4,half \ufffd pair\n`,
    );
  });
});
