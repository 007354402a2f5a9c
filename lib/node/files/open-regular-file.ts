import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';

/**
 * Opens a file that must be a regular one. For a folder, a named pipe or a device it rejects at once, with an error
 * that names what it is: a named pipe would keep its reader waiting for a writer. Other errors of the file system pass
 * unchanged. A file that the flags let it create can be read by its owner only.
 */
export async function openRegularFile(path: string, flags: number = constants.O_RDONLY): Promise<FileHandle> {
  const file = await open(path, flags | constants.O_NONBLOCK, 0o600).catch(
    async (error: NodeJS.ErrnoException) => {
      // A folder cannot be opened for writing, and a named pipe only while something reads it.
      if (error.code === 'EISDIR' || error.code === 'ENXIO') await assertReplaceable(path);
      throw error;
    },
  );
  try {
    assertRegularFile(path, await file.stat());
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Rejects, with an error that names what it is, unless the path is a regular file or free. */
export async function assertReplaceable(path: string): Promise<void> {
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (stats) assertRegularFile(path, stats);
}

function assertRegularFile(path: string, stats: Stats): void {
  if (stats.isFile()) return;
  const code = stats.isDirectory() ? 'EISDIR' : 'EINVAL';
  const message = `it is ${kindOf(stats)}; name a regular file`;
  throw Object.assign(new Error(message), { code, syscall: 'open', path });
}

/** What is at a path, in words: `a folder`. */
export function kindOf(stats: Stats): string {
  return KINDS.find(([is]) => stats[is]())?.[1] ?? 'a file';
}

const KINDS = [
  ['isDirectory', 'a folder'],
  ['isSymbolicLink', 'a symbolic link'],
  ['isFIFO', 'a named pipe'],
  ['isSocket', 'a socket'],
  ['isCharacterDevice', 'a device'],
  ['isBlockDevice', 'a device'],
] as const;
