import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from '../../lib/node/files/make-folder.js';
import { temporaryFolders } from '../support/temporary-folders.js';

const newFolder = temporaryFolders('make-folder');

it('a folder is created with its parents, by several calls at once, and an existing one is left as it is', async () => {
  const path = join(await newFolder(), 'one', 'two', 'three');
  await Promise.all(Array.from({ length: 5 }, () => makeFolder(path, 0o700)));
  await makeFolder(path, 0o755);
  expect((await stat(path)).mode & 0o777).toBe(0o700);
  await makeFolder('/');
});

it('a folder cannot be made where there is a file, or below one', async () => {
  const path = join(await newFolder(), 'file');
  await writeFile(path, '');
  await expect(makeFolder(path)).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeFolder(join(path, 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

it.runIf(process.platform === 'linux')('a folder below /proc is refused at once', async () => {
  await expect(makeFolder('/proc/pageturn/backup')).rejects.toMatchObject({ code: 'ENOENT' });
});
