import { randomUUID } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
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
