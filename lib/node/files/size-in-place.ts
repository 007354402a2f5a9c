import { lstat } from 'node:fs/promises';
import { fileChanged } from './file-changed.js';
import { identityOf } from './open-for-append.js';

/** The size of the file at a path, which must be the one of that identity: ERR_FILE_CHANGED otherwise. */
export async function sizeInPlace(path: string, identity: string): Promise<number> {
  const there = await lstat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
  });
  if (!there) throw fileChanged(path, 'it was removed or renamed');
  if (identityOf(there) !== identity) throw fileChanged(path, 'another file is in its place');
  return Number(there.size);
}
