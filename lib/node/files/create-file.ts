import { type FileHandle, open } from 'node:fs/promises';

/**
 * Creates a file that only its owner may read (mode 0600) and syncs its content to disk before it is closed. Rejects
 * with the file system's error, EEXIST if the file exists.
 */
export async function createFile<R>(path: string, write: (file: FileHandle) => Promise<R>): Promise<R> {
  const file = await open(path, 'wx', 0o600);
  try {
    const result = await write(file);
    await file.sync();
    return result;
  } finally {
    await file.close();
  }
}
