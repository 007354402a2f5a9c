import { type FileHandle, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createDraft } from './create-draft.js';
import { assertReplaceable } from './open-regular-file.js';
import { syncFolder } from './sync-folder.js';
import { temporaryBeside } from './temporary-file.js';

/**
 * Replaces a file so that its path holds the old content or the new one at any moment, power cuts included: the new
 * content goes to a temporary file in the same folder, is synced, and is renamed over the old one. Only the owner may
 * read the file (mode 0600). `mayPublish` is called right before the rename. Rejects with its error or the file system's,
 * and removes the temporary file.
 *
 * @example
 * await replaceFile('users.json', (file) => file.writeFile(text));
 */
export async function replaceFile<R>(
  path: string,
  write: (file: FileHandle) => Promise<R>,
  mayPublish: () => Promise<void> = async () => {},
): Promise<R> {
  const temporary = temporaryBeside(path);
  try {
    const result = await createDraft(temporary, write);
    await mayPublish();
    // A rename would replace a device or a named pipe for every other process.
    await assertReplaceable(path);
    await rename(temporary, path);
    await syncFolder(dirname(path));
    return result;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
