import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/** For the head of a spec file: returns a function that makes an empty folder; all are deleted after the last test. */
export function temporaryFolders(name: string): () => Promise<string> {
  let root: string;
  let count = 0;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), `pageturn-${name}-`));
  });
  afterAll(() => rm(root, { recursive: true }));
  return async () => {
    const folder = join(root, `folder-${count++}`);
    await mkdir(folder);
    return folder;
  };
}
