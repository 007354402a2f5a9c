import {
  appendFile,
  copyFile,
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { AppendedFile } from '../../lib/node/files/appended-file.js';
import { manualClock } from '../support/manual-clock.js';
import { temporaryFolders } from '../support/temporary-folders.js';

let folder: string;
let path: string;
const newFolder = temporaryFolders('appended');
beforeEach(newPath);

async function newPath(): Promise<void> {
  folder = await newFolder();
  path = join(folder, 'users.ndjson');
}

const written = () => readFile(path, 'utf8');

/** Opens the file, appends the texts, each with its position, and closes it. */
async function write(...texts: string[]) {
  const file = await AppendedFile.open(path);
  const positions = [];
  for (const text of texts) {
    await file.append(Buffer.from(text));
    await file.sync();
    positions.push(file.position);
  }
  await file.close();
  return positions;
}

describe('an appended file', () => {
  it('an appended file is cut back to an earlier position', async () => {
    const [first = { bytes: 0 }] = await write('one\n', 'two\n');
    const file = await AppendedFile.open(path);
    await file.cutBack(first);
    await file.append(Buffer.from('three\n'));
    await file.sync();
    await file.close();
    expect(await written()).toBe('one\nthree\n');
    expect(await readdir(folder)).toEqual(['users.ndjson']);
  });

  it('an appended file recognises its positions however long it is', async () => {
    const long = 'x'.repeat(200_000);
    const [first = { bytes: 0 }, second = { bytes: 0 }] = await write(long, `${long}\n`);
    const file = await AppendedFile.open(path);
    expect(await Promise.all([first, second].map((position) => file.holds(position)))).toEqual([true, true]);
    await file.cutBack(first);
    expect(file.position).toEqual(first);
    await file.close();
  });

  it('a file is not cut back to the position of another one', async () => {
    const [first = { bytes: 0 }] = await write('one\n');
    await writeFile(path, 'a longer foreign file\n');
    const file = await AppendedFile.open(path);
    expect(await file.holds(first)).toBe(false);
    await expect(file.cutBack(first)).rejects.toMatchObject({ code: 'ERR_FILE_CHANGED' });
    await file.close();
    expect(await written()).toBe('a longer foreign file\n');
  });

  it('one process appends to a file, whatever symbolic links lead to it', async () => {
    const alias = join(folder, 'alias');
    await symlink('users.ndjson', alias);
    const file = await AppendedFile.open(alias);
    for (const name of [path, alias]) {
      await expect(AppendedFile.open(name)).rejects.toMatchObject({
        code: 'ERR_FILE_LOCKED',
        message: expect.stringContaining(`the file ${path} is in use by this process`),
      });
    }
    await file.close();
  });

  it('an appended file that is written under another hard link is refused by both writers', async () => {
    const [file] = [await AppendedFile.open(path), await link(path, join(folder, 'hard'))];
    const other = await AppendedFile.open(join(folder, 'hard'));
    await file.append(Buffer.from('mine\n'));
    await expect(other.append(Buffer.from('yours\n'))).rejects.toMatchObject({ code: 'ERR_FILE_CHANGED' });
    await appendFile(path, 'yours\n');
    await expect(file.sync()).rejects.toMatchObject({ code: 'ERR_FILE_CHANGED' });
    await expect(other.sync()).rejects.toMatchObject({ code: 'ERR_FILE_CHANGED' });
    await file.close();
    await other.close();
  });

  it('a process whose lock was taken over appends nothing', async () => {
    const file = await AppendedFile.open(path);
    await file.append(Buffer.from('one\n'));
    await rm(`${path}.lock`);
    const successor = await AppendedFile.open(path);
    await expect(file.append(Buffer.from('two\n'))).rejects.toMatchObject({ code: 'ERR_FILE_LOCKED' });
    await expect(file.sync()).rejects.toMatchObject({ code: 'ERR_FILE_LOCKED' });
    await file.close();
    await successor.append(Buffer.from('three\n'));
    await successor.sync();
    await successor.close();
    expect(await written()).toBe('one\nthree\n');
  });

  it('an appended file continues after what another process wrote before it ended', async () => {
    await write('one\n');
    const file = await AppendedFile.open(path);
    expect(file.bytes).toBe(4);
    await file.append(Buffer.from('two\n'));
    await file.sync();
    await file.close();
    expect(await written()).toBe('one\ntwo\n');
  });

  it('an appended file is removed only if it is new and empty', async () => {
    const file = await AppendedFile.open(path);
    await file.removeIfNew();
    await file.close();
    expect(await readdir(folder)).toEqual([]);
    const full = await AppendedFile.open(path);
    await full.append(Buffer.from('one\n'));
    await full.removeIfNew();
    await full.close();
    const old = await AppendedFile.open(path);
    await old.removeIfNew();
    await old.close();
    expect(await written()).toBe('one\n');
  });

  it('a file of another program that took the place of a new one is not removed with it', async () => {
    const file = await AppendedFile.open(path);
    await rename(path, `${path}.moved`);
    await writeFile(path, '');
    await file.removeIfNew();
    await file.close();
    expect(await readdir(folder)).toEqual(['users.ndjson', 'users.ndjson.moved']);
  });

  it('a file that waits for its lock is the one that is there afterwards', async () => {
    const clock = manualClock();
    const first = await AppendedFile.open(path);
    const waiting = AppendedFile.open(path, { onLocked: 'wait', clock });
    await expect.poll(() => clock.sleepers).toBe(1);
    await first.removeIfNew();
    await first.close();
    await clock.advance(500);
    const second = await waiting;
    await second.append(Buffer.from('two\n'));
    await second.sync();
    await second.close();
    expect(await written()).toBe('two\n');
  });

  it('a file that is refused its lock is not created', async () => {
    await writeFile(
      `${path}.lock`,
      '{"pid":1,"id":"00000000-0000-0000-0000-000000000000","host":"elsewhere"}',
    );
    await expect(AppendedFile.open(path)).rejects.toMatchObject({ code: 'ERR_FILE_LOCKED' });
    expect(await readdir(folder)).toEqual(['users.ndjson.lock']);
  });

  it('a folder is refused as an appended file, with an error that names what it is', async () => {
    await mkdir(path);
    await expect(AppendedFile.open(path)).rejects.toThrow('it is a folder; name a regular file');
  });
});

/** What other programs do to a file. Each reads and writes whole files, as an editor or logrotate does. */
const DISTURBANCES: Record<string, () => Promise<unknown>> = {
  removed: () => rm(path, { force: true }),
  rotated: () => rename(path, `${path}.1`),
  'copied and truncated': () => truncate(path, 0),
  'cut off': async () => truncate(path, Math.floor((await readFile(path)).length / 2)),
  'appended to': () => appendFile(path, 'foreign\n'),
  'rewritten in place': async () => writeFile(path, (await readFile(path)).fill('x')),
  'replaced by a copy': async () => {
    await copyFile(path, `${path}.copy`);
    await rename(`${path}.copy`, path);
  },
  'replaced by a longer file': async () => {
    await writeFile(`${path}.new`, `${await written()}and more\n`);
    await rename(`${path}.new`, path);
  },
  'replaced by a folder': async () => {
    await rm(path, { force: true });
    await mkdir(path, { recursive: true });
  },
  'removed and written again': async () => {
    const content = await readFile(path);
    await rm(path);
    await writeFile(path, content);
  },
};

const LONG = `${'long '.repeat(30_000)}\n`;

describe('an appended file among other programs', () => {
  it.each(
    Object.entries(DISTURBANCES).flatMap(([how, disturb]) =>
      [['one\n', 'two\n'], [LONG], [LONG, 'two\n']].map((texts) => [how, texts, disturb] as const),
    ),
  )('an appended file has no position once it was %s', async (_how, texts, disturb) => {
    const file = await AppendedFile.open(path);
    for (const text of texts) await file.append(Buffer.from(text));
    await file.sync();
    await disturb();
    await expect(file.sync()).rejects.toMatchObject({ code: 'ERR_FILE_CHANGED' });
    await file.close();
  });

  it('an appended file is what was written, or says that it is not, whatever other programs do to it', async () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ append: fc.string({ minLength: 1, maxLength: 40 }) }) },
      // Longer than the bytes that are compared: only a digest of them is kept.
      { weight: 1, arbitrary: fc.record({ append: fc.constant(LONG) }) },
      { weight: 2, arbitrary: fc.constant('sync' as const) },
      { weight: 1, arbitrary: fc.constant('reopen' as const) },
      { weight: 1, arbitrary: fc.record({ disturb: fc.constantFrom(...Object.keys(DISTURBANCES)) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        await newPath();
        let file = await AppendedFile.open(path);
        let expected = '';
        let saved = { position: file.position, text: '' };
        try {
          for (const one of steps) {
            if (one === 'sync') {
              await file.sync();
              saved = { position: file.position, text: expected };
            } else if (one === 'reopen') {
              await file.close();
              file = await AppendedFile.open(path);
              await file.cutBack(saved.position);
              expected = saved.text;
            } else if ('append' in one) {
              await file.append(Buffer.from(one.append));
              expected += one.append;
            } else {
              await DISTURBANCES[one.disturb]?.().catch(() => {});
            }
          }
          await file.sync();
        } catch (error) {
          expect(['ERR_FILE_CHANGED', 'EISDIR']).toContain((error as NodeJS.ErrnoException).code);
          await file.close().catch(() => {});
          return;
        }
        await file.close();
        expect(await written()).toBe(expected);
      }),
      { numRuns: 150 },
    );
  });
});
