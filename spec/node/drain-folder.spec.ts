import { randomUUID } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DrainFolder } from '../../lib/node/drain-folder.js';
import { temporaryFolders } from '../support/temporary-folders.js';

const newFolder = temporaryFolders('drain-folder');

it('a folder of drains is free of the temporary files of killed runs', async () => {
  const path = await newFolder();
  for (const name of ['checkpoint.json', 'receipt.json'])
    await writeFile(join(path, `${name}.99999999.${randomUUID()}.tmp`), '{"pageturn":"fol');
  await writeFile(join(path, 'notes.tmp'), 'not of pageturn');
  const folder = await DrainFolder.open(path, 'an instance', undefined);
  await folder.close();
  expect(await readdir(path)).toEqual(['notes.tmp']);
});

it('a folder of drains whose checkpoint is something else is refused, and left alone', async () => {
  const path = await newFolder();
  for (const text of ['', 'null', '[]', '{"pageturn":"checkpoint","version":1}']) {
    await writeFile(join(path, 'checkpoint.json'), text);
    await expect(DrainFolder.open(path, 'an instance', undefined)).rejects.toMatchObject({
      code: 'ERR_CHECKPOINT_CORRUPT',
    });
    expect(await readdir(path)).toEqual(['checkpoint.json']);
    expect(await readFile(join(path, 'checkpoint.json'), 'utf8')).toBe(text);
  }
});
