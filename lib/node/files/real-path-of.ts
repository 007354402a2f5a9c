import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/**
 * The real path of a file that may have several names through symbolic links: whatever name is used, the same file is
 * locked, read and replaced. The file need not exist; a link to a missing file is followed as well. Rejects with
 * the file system's error, ENOENT if the folder does not exist.
 */
export async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const target = await readlink(path).catch(() => undefined);
  if (target !== undefined) return realPathOf(resolve(await realpath(dirname(path)), target));
  return join(await realpath(dirname(path)), basename(path));
}
