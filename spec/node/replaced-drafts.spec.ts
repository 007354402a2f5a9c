import { copyFile, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromPages } from '../../lib/from-pages.js';
import { replaceFile } from '../../lib/node/files/replace-file.js';
import { snapshot } from '../../lib/node/index.js';
import { publishFile } from '../../lib/node/spool/publish-file.js';
import { temporaryFolders } from '../support/temporary-folders.js';

const newFolder = temporaryFolders('drafts');

type Disturb = () => Promise<unknown>;

/** What writes a file next to its place and then puts it there, and what happens to it in the meantime. */
const WRITERS: Record<string, (path: string, disturb: Disturb) => Promise<unknown>> = {
  replaceFile: (path, disturb) =>
    replaceFile(path, async (file) => {
      await file.writeFile('half of it, ');
      await disturb();
      await file.writeFile('and the rest');
    }),
  publishFile: (path, disturb) =>
    publishFile(
      path,
      (async function* () {
        yield Buffer.alloc(300_000, 'half of it, ');
        await disturb();
        yield Buffer.from('and the rest');
      })(),
      {
        mode: undefined,
        overwrite: true,
        signal: new AbortController().signal,
        beforePublishing: async () => {},
      },
    ),
  snapshot: (path, disturb) =>
    snapshot(
      fromPages(async (token) => {
        if (token !== undefined) await disturb();
        return { items: [{ Id: token ?? '0' }], next: token === undefined ? '1' : undefined };
      }),
      path,
    ),
};

const DISTURBANCES: Record<string, (draft: string) => Promise<unknown>> = {
  'replaced by a copy': async (draft) => {
    await copyFile(draft, `${draft}.copy`);
    await rename(`${draft}.copy`, draft);
  },
  'replaced by another file': async (draft) => {
    await rm(draft);
    await writeFile(draft, 'foreign');
  },
  removed: (draft) => rm(draft),
};

describe.each(Object.entries(WRITERS))('a file that %s writes', (_name, write) => {
  it.each(Object.entries(DISTURBANCES))(
    'a file is not put in its place once what is written was %s',
    async (_how, disturb) => {
      const folder = await newFolder();
      const path = join(folder, 'file');
      await writeFile(path, 'yesterday');
      const written = write(path, async () => {
        const draft = (await readdir(folder)).find((name) => name.endsWith('.tmp')) ?? '';
        await disturb(join(folder, draft));
      });
      await expect(written).rejects.toMatchObject({ code: 'ERR_FILE_CHANGED' });
      expect(await readFile(path, 'utf8')).toBe('yesterday');
      expect(await readdir(folder)).toEqual(['file']);
    },
  );
});
