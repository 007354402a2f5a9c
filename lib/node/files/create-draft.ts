import type { FileHandle } from 'node:fs/promises';
import { createFile } from './create-file.js';
import { identityOf } from './open-for-append.js';
import { sizeInPlace } from './size-in-place.js';

/**
 * Creates a file that is to be put in the place of another one. Rejects as {@link createFile} does, and with
 * ERR_FILE_CHANGED if another file is at the path by then: a folder that was replaced by a copy has half of it.
 */
export function createDraft<R>(path: string, write: (file: FileHandle) => Promise<R>): Promise<R> {
  return createFile(path, async (file) => {
    const result = await write(file);
    await sizeInPlace(path, identityOf(await file.stat({ bigint: true })));
    return result;
  });
}
